package main

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// edited are the tables that a change edits, all of which are compared after
// every cut.
func edited() []string {
	return []string{"dialaction", "endpoint_sip_section_option", "endpoint_sip", "endpoint_sip_section", "func_key_template", "voicemail", "userfeatures", "auth_user", "chatd_user", "extensions"}
}

func TestAFullDiskIsNamed(t *testing.T) {
	t.Parallel()
	r := newPlatform(t, "")
	c := &cutting{replicated: r, room: r.small()}
	r.change(rowsEdited, 100)
	before := c.digest(r.standby, edited())
	mend := c.cut("disk full", nil)
	r.contains(r.expect(exitError, "replicate", "database").err, "standby's database: could not", "[SQLSTATE 53100]: make room on its disk", nothingSent)
	mend()
	if !maps.Equal(c.digest(r.standby, edited()), before) {
		t.Error("something was written")
	}
	r.expect(exitOK, "replicate", "database")
	c.equal(c.digest(r.box, edited()))
}

// A run that is cut leaves the rows from before it or those after it, and the
// next one completes.
func TestACutLeavesAllRowsOldOrAllNew(t *testing.T) {
	t.Parallel()
	trials := 20
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		trials = 200
	}
	r := newPlatform(t, "")
	c := &cutting{replicated: r, room: r.small(), kinds: map[string]int{}}
	for try := 0; !c.measure(100 + try); try++ {
		if try == 9 {
			t.Fatal("no run was seen writing")
		}
	}
	names := []string{"standby's database killed", "master's database killed", "hotpair killed", "link cut", "disk full"}
	for i := range trials {
		c.trial(names[i%len(names)], 120+i)
		if t.Failed() {
			t.Fatalf("cut %d, %s", i, names[i%len(names)])
		}
	}
	if master, standby := r.digest(r.box, r.copied()), r.digest(r.standby, r.copied()); !maps.Equal(master, standby) {
		t.Error("the databases differ in the end")
	}
	t.Logf("%d cuts: %d ended a run, %d came while rows were being written (%v), %d runs had committed", trials, c.broken, c.writing, c.kinds, c.committed)
	if c.writing < trials/5 {
		t.Errorf("only %d of %d cuts came while rows were being written", c.writing, trials)
	}
}

const rowsEdited = 1500

// cutting cuts runs of a pair.
type cutting struct {
	*replicated
	room                       string        // a file that can fill the standby's disk
	before, write              time.Duration // of an uncut run: until it writes, and from then on
	broken, writing, committed int
	kinds                      map[string]int // of those that came while rows were being written
}

// measure times a run in peace; false: it wrote between two looks.
func (c *cutting) measure(seed int) bool {
	c.t.Helper()
	c.change(rowsEdited, seed)
	watch := c.watchStandby()
	cmd, said := c.process("replicate", "database")
	began := time.Now()
	c.must(cmd.Start())
	at, ok := watch.untilWriting(began.Add(10 * time.Second))
	if err := cmd.Wait(); err != nil {
		c.t.Fatal(err, said)
	}
	if !ok {
		return false
	}
	c.before, c.write = at.Sub(began), time.Since(at)
	c.t.Logf("a run writes after %s, for %s", c.before.Round(time.Millisecond), c.write.Round(time.Millisecond))
	return true
}

// trial changes the master, runs, cuts, and looks.
func (c *cutting) trial(kind string, seed int) {
	c.t.Helper()
	c.change(rowsEdited, seed)
	before, after := c.digest(c.standby, edited()), c.digest(c.box, edited())
	watch := c.watchStandby()
	cmd, said := c.process("replicate", "database")
	began := time.Now()
	c.must(cmd.Start())
	if rand.IntN(4) == 0 {
		time.Sleep(time.Duration(rand.Int64N(int64(c.before + c.write))))
	} else if _, ok := watch.untilWriting(began.Add(10 * time.Second)); ok {
		time.Sleep(time.Duration(rand.Int64N(int64(c.write) / 2)))
	}
	hit := watch.writing()
	restore := c.cut(kind, cmd)
	err := cmd.Wait()
	restore()
	if hit {
		c.writing++
		c.kinds[kind]++
	} else { // it may be over sooner than the one that was measured, on a machine that has become faster
		c.write = max(c.write*3/4, 4*time.Millisecond)
	}
	c.judge(err, said.String(), kind)
	switch now := c.digest(c.standby, edited()); {
	case maps.Equal(now, after):
		c.committed++
	case !maps.Equal(now, before):
		c.mix(before, now, after)
	}
	c.expect(exitOK, "replicate", "database")
	if seed%4 == 0 {
		c.contains(c.expect(exitOK, "replicate", "database", "--verify").out, "equal by content")
	} else {
		c.equal(c.digest(c.box, edited())) // a killed server's sequences have gone on
	}
}

// equal insists that the standby has what the master has.
func (c *cutting) equal(master map[string]string) {
	c.t.Helper()
	if now := c.digest(c.standby, edited()); !maps.Equal(now, master) {
		c.mix(nil, now, master)
	}
}

// mix tells which tables are old and which are new.
func (c *cutting) mix(before, now, after map[string]string) {
	c.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(now)) {
		switch now[name] {
		case before[name]:
			c.t.Errorf("%s is as before", name)
		case after[name]:
			c.t.Errorf("%s is new", name)
		default:
			c.t.Errorf("%s is neither old nor new", name)
		}
	}
}

// judge looks at what a run that was cut says.
func (c *cutting) judge(err error, said, kind string) {
	c.t.Helper()
	if err == nil {
		return // it was faster
	}
	c.broken++
	var ended *exec.ExitError
	if !errors.As(err, &ended) || kind == "hotpair killed" {
		return
	}
	if code := ended.ExitCode(); code != exitError || !strings.Contains(said, "Error: database: ") {
		c.t.Errorf("%s: exit %d: %s", kind, code, said)
	}
}

// cut breaks something; what it gives mends that.
func (c *cutting) cut(kind string, cmd *exec.Cmd) (restore func()) {
	c.t.Helper()
	master, standby := c.databases[c.dir], c.databases[c.standby.dir]
	switch kind {
	case "standby's database killed":
		c.must(standby.Kill())
		return func() { c.must(standby.Restart(c.t.Context())) }
	case "master's database killed":
		c.must(master.Kill())
		return func() { c.must(master.Restart(c.t.Context())) }
	case "hotpair killed":
		c.must(cmd.Process.Kill())
	case "link cut":
		c.must(c.server.Cut())
	case "disk full":
		c.fill()
		return func() {
			c.must(os.Remove(c.room))
			c.must(standby.Kill()) // the server ends by itself where its log has no room
			c.must(standby.Restart(c.t.Context()))
		}
	}
	return func() {}
}

// small puts the standby's database on a disk of its own, and gives a file that
// can fill it.
func (r *replicated) small() string {
	r.t.Helper()
	s, dir := r.databases[r.standby.dir], filepath.Join(r.standby.dir, "var/lib/postgresql")
	r.must(s.Stop())
	r.must(os.Rename(dir, dir+".old"))
	r.must(os.Mkdir(dir, 0o755))
	r.must(syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=192m,mode=755"))
	r.t.Cleanup(func() {
		r.must(s.Stop())
		r.must(syscall.Unmount(dir, 0))
	})
	if out, err := exec.Command("cp", "--archive", "--no-target-directory", dir+".old", dir).CombinedOutput(); err != nil {
		r.t.Fatal(err, string(out))
	}
	r.must(os.RemoveAll(dir + ".old"))
	const conf = "etc/postgresql/15/main/postgresql.conf"
	r.standby.put(conf, r.standby.get(conf)+"\nmax_wal_size = '48MB'\nmin_wal_size = '32MB'\n")
	r.must(s.Restart(r.t.Context()))
	return filepath.Join(dir, "filling")
}

// fill leaves no room on the standby's disk.
func (c *cutting) fill() {
	c.t.Helper()
	f, err := os.Create(c.room)
	c.must(err)
	defer f.Close()
	block := make([]byte, 1<<20)
	for size := len(block); size > 0; {
		if _, err := f.Write(block[:size]); err != nil {
			size /= 2
		}
	}
}

// lookout is a session on the standby's database that sees when hotpair's
// writes.
type lookout struct {
	conn *pgx.Conn
	c    *cutting
}

func (c *cutting) watchStandby() *lookout {
	c.t.Helper()
	conn, err := c.databases[c.standby.dir].Connect(c.t.Context(), "postgres")
	c.must(err)
	c.t.Cleanup(func() { conn.Close(c.t.Context()) })
	return &lookout{conn, c}
}

// writing tells whether a transaction of hotpair's has written.
func (w *lookout) writing() (is bool) {
	err := w.conn.QueryRow(w.c.t.Context(), "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name LIKE 'hotpair%' AND backend_xid IS NOT NULL").Scan(&is)
	return err == nil && is
}

// untilWriting waits until then.
func (w *lookout) untilWriting(end time.Time) (time.Time, bool) {
	for time.Now().Before(end) {
		if w.writing() {
			return time.Now(), true
		}
	}
	return time.Time{}, false
}
