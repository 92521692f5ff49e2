package files

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkDirectories compares with rsync as the stock scripts call it, in
// turns: ratio is ours by theirs. HOTPAIR_BENCH_FILES is how many files there
// are, 26 kB each on average; 20,000 when it is not set.
func BenchmarkDirectories(b *testing.B) {
	n := 20_000
	if text := os.Getenv("HOTPAIR_BENCH_FILES"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		must(b, err)
	}
	c := newContest(b, n)
	b.Run("first/run", func(b *testing.B) {
		c.measure(b, c.forget, c.run)
	})
	c.run(b)
	c.stock(b)
	must(b, exec.Command("sync").Run()) // what is still to be written to the disk is of the first copy
	b.Run("nothing/run", func(b *testing.B) {
		c.measure(b, nothing, c.run)
	})
	b.Run("ten/run", func(b *testing.B) {
		c.measure(b, c.change, c.run)
	})
	b.Run("verify/run", func(b *testing.B) {
		c.measure(b, nothing, func(b *testing.B) {
			r, err := c.options.Verify(b.Context())
			if err != nil || len(r.Changes) > 0 {
				b.Fatal(r.Changes, err)
			}
		})
	})
	was, err := c.options.Snapshot(b.Context())
	must(b, err)
	b.Run("nothing/daemon", func(b *testing.B) {
		c.measure(b, nothing, func(b *testing.B) {
			is, err := c.options.Snapshot(b.Context())
			if err != nil || !is.Equal(was) {
				b.Fatal("it differs", err)
			}
		})
	})
	s := c.session()
	b.Run("ten/daemon", func(b *testing.B) {
		c.measure(b, c.change, func(b *testing.B) {
			r, err := s.Send(b.Context(), c.changed)
			if err != nil || len(r.Changes) != len(c.changed) {
				b.Fatal(changes(r), err)
			}
		})
	})
}

// contest is a pair, and a standby of the stock scripts'.
type contest struct {
	*pair
	sshd    *sshd
	theirs  string // the stock standby's root
	names   []string
	changed []string
	round   int
}

func newContest(b *testing.B, n int) *contest {
	p := newPair(b)
	c := &contest{pair: p, theirs: p.standby + "-stock", sshd: newSSHD(b, "")}
	newSSHD(b, forcedCommand(b, p)).over(p)
	must(b, os.Mkdir(c.theirs, 0o755))
	content := make([]byte, 52_000)
	for i := range content {
		content[i] = byte(rand.Uint32())
	}
	for i := range n {
		name := fmt.Sprintf("/var/lib/asterisk/sounds/%d/%d", i/100, i)
		if i%10 == 0 {
			name = fmt.Sprintf("/etc/asterisk/conf.d/%d/%d", i/100, i)
		}
		p.write(name, string(content[:rand.IntN(len(content))]))
		c.names = append(c.names, name)
	}
	return c
}

// measure takes turns, prepared for each.
func (c *contest) measure(b *testing.B, prepare, ours func(*testing.B)) {
	var mine, stock time.Duration
	for b.Loop() {
		b.StopTimer()
		prepare(b)
		began := time.Now()
		c.stock(b)
		stock += time.Since(began)
		b.StartTimer()
		began = time.Now()
		ours(b)
		mine += time.Since(began)
	}
	b.ReportMetric(float64(stock.Milliseconds())/float64(b.N), "stock-ms/op")
	b.ReportMetric(mine.Seconds()/stock.Seconds(), "ratio")
}

func nothing(*testing.B) {}

func (c *contest) run(b *testing.B) {
	if _, err := c.options.Run(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// stock calls rsync as xivo-sync does.
func (c *contest) stock(b *testing.B) {
	ssh := strings.Join(c.sshd.ssh(), " ")
	args := []string{"-q", "-aR", "--delete-after", "-e", ssh}
	for _, dir := range declared() {
		args = append(args, c.master+"/."+dir)
	}
	if out, err := exec.Command("rsync", append(args, "root@127.0.0.1:"+c.theirs+"/")...).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}

// forget empties both standbys.
func (c *contest) forget(b *testing.B) {
	for _, root := range []string{c.standby, c.theirs} {
		for _, dir := range declared() {
			must(b, os.RemoveAll(root+dir))
			must(b, os.MkdirAll(root+dir, 0o755))
		}
	}
	must(b, exec.Command("sync").Run())
}

// change changes ten files.
func (c *contest) change(b *testing.B) {
	c.round++
	c.changed = nil
	for i := range 10 {
		name := c.names[i*len(c.names)/10]
		put(b, c.master+name, fmt.Sprint("round ", c.round))
		c.changed = append(c.changed, name)
	}
}
