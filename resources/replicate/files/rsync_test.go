package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// odd are names that a line, a shell or a pattern could be broken by.
func odd() []string {
	return []string{"a b", " lead", "trail ", "new\nline", `quo"te's`, "-rf", "\xff\xfe", `back\slash`, `\#012`, `x\#134y`, "é", "*", "[a]", "?", "$(id)", "tab\t", "esc\x1b[2J",
		strings.Repeat("l", 255), "*deleting   0 x", "Number of files: 9"}
}

func (p *pair) fill() {
	p.t.Helper()
	for i, name := range odd() {
		p.write("/etc/asterisk/odd/"+name, fmt.Sprint(i, name))
		p.write("/var/lib/asterisk/"+name+"/in", name)
	}
	p.write("/etc/asterisk/empty", "")
	big := filepath.Join(p.master, "/var/lib/asterisk/big")
	put(p.t, big, strings.Repeat("0123456789abcdef", 1<<16))
	must(p.t, os.Chmod(big, 0o4751))
	must(p.t, os.Lchown(filepath.Join(p.master, "/etc/asterisk/empty"), 1, 2))
	must(p.t, os.Mkdir(filepath.Join(p.master, "/etc/asterisk/emptydir"), 0o700))
	must(p.t, os.Mkdir(filepath.Join(p.master, "/etc/asterisk/sticky"), 0o755))
	must(p.t, os.Chmod(filepath.Join(p.master, "/etc/asterisk/sticky"), 0o2770|os.ModeSetgid))
	for target, name := range map[string]string{"nowhere": "dangling", "/etc/passwd": "absolute", "../../../../..": "up", "odd/a b": "within", "\xfe\n": "oddly"} {
		link := filepath.Join(p.master, "/etc/asterisk", name)
		must(p.t, os.Symlink(target, link))
		must(p.t, os.Lchown(link, 2, 1))
	}
	old := time.Date(2001, 2, 3, 4, 5, 6, 789, time.UTC)
	must(p.t, os.Chtimes(filepath.Join(p.master, "/etc/asterisk/emptydir"), old, old))
	must(p.t, os.Chtimes(big, old, old))
}

func TestEverythingFollowsAndNothingIsTouchedTwice(t *testing.T) {
	p := newPair(t)
	p.fill()
	plan, err := p.options.Plan(t.Context())
	must(t, err)
	if got := picture(t, p.standby); len(got) != 2 {
		t.Fatalf("the plan made %v", got)
	}
	var copied, total int64
	p.options.Progress = func(done, of int64) { copied, total = done, of }
	done := p.run()
	p.equal()
	if copied != done.Bytes || total != done.Bytes {
		t.Errorf("progress ended at %d of %d", copied, total)
	}
	if !reflect.DeepEqual(plan, done) {
		t.Errorf("planned %v\ndone %v", plan, done)
	}
	want := picture(t, p.master)
	for _, c := range done.Changes {
		if _, is := want[c.Path]; !is || c.Verb != Create && c.Verb != Attributes {
			t.Errorf("told of %v", c)
		}
	}
	if len(done.Changes) < len(want)-2 || done.Bytes < 1<<20 || done.Looked < len(want) {
		t.Errorf("%d changes of %d, %d bytes, looked at %d", len(done.Changes), len(want), done.Bytes, done.Looked)
	}
	before := touches(t, p.standby)
	if r := p.run(); len(r.Changes) > 0 {
		t.Errorf("done again: %v", changes(r))
	}
	if !reflect.DeepEqual(before, touches(t, p.standby)) {
		t.Error("something was touched")
	}
}

func TestOnlyWhatChangedIsCopied(t *testing.T) {
	p := newPair(t)
	for i := range 100 {
		p.write(fmt.Sprintf("/etc/asterisk/%02d/conf", i), "old")
	}
	p.run()
	before := touches(t, p.standby)
	var want []string
	for i := range 10 {
		name := fmt.Sprintf("/etc/asterisk/%02d/conf", i)
		p.write(name, "newer")
		want = append(want, "update "+name)
	}
	r := p.run()
	if got := changes(r); !slices.Equal(got, want) || r.Bytes != 50 {
		t.Errorf("%q, %d bytes", got, r.Bytes)
	}
	p.equal()
	touched := 0
	for place, at := range touches(t, p.standby) {
		if before[place] != at {
			touched++
		}
	}
	if touched != 20 { // each file and its directory
		t.Errorf("%d touched", touched)
	}
}

func TestADifferenceThatTimesHideIsFoundByContent(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/a", "one")
	p.write("/etc/asterisk/b", "one")
	p.run()
	info, err := os.Stat(p.master + "/etc/asterisk/a")
	must(t, err)
	put(t, p.standby+"/etc/asterisk/a", "two")
	must(t, os.Chtimes(p.standby+"/etc/asterisk/a", info.ModTime(), info.ModTime()))
	must(t, os.Chmod(p.standby+"/etc/asterisk/b", 0o600))
	put(t, p.standby+"/etc/asterisk/c", "more")
	before := touches(t, p.standby)
	r, err := p.options.Verify(t.Context())
	got := changes(r)
	slices.Sort(got)
	if err != nil || !slices.Equal(got, []string{"attributes /etc/asterisk/b", "delete /etc/asterisk/c", "update /etc/asterisk/a"}) {
		t.Errorf("%v, %v", got, err)
	}
	if !reflect.DeepEqual(before, touches(t, p.standby)) {
		t.Error("verifying touched something")
	}
}

func TestTheGuardHoldsBeforeAnythingIsDeleted(t *testing.T) {
	p := newPair(t)
	for i := range 100 {
		p.write(fmt.Sprintf("/var/lib/asterisk/%d", i), "x")
	}
	p.run()
	for i := range 30 {
		must(t, os.Remove(fmt.Sprintf("%s/var/lib/asterisk/%d", p.master, i)))
	}
	p.write("/etc/asterisk/new", "x")
	before := touches(t, p.standby)
	_, err := p.options.Run(t.Context())
	var held *DeletesError
	if !errors.Is(err, ErrDeletes) || !errors.As(err, &held) || held.Deletes != 30 || held.Of != 105 {
		t.Fatalf("got %v", err)
	}
	if text := err.Error(); !strings.Contains(text, "the standby may hold the only good copy. See first what happened on the master") {
		t.Error(text)
	}
	if !reflect.DeepEqual(before, touches(t, p.standby)) {
		t.Error("something was touched")
	}
	p.options.MaxDelete = 50
	if r := p.run(); len(r.Changes) != 31 {
		t.Errorf("did %v", changes(r))
	}
	p.equal()
	for i := range 25 {
		must(t, os.Remove(fmt.Sprintf("%s/var/lib/asterisk/%d", p.master, 40+i)))
	}
	p.options.MaxDelete = 0
	p.run() // 25 are always deleted
	p.equal()
}

func TestAMasterThatLostItsFilesKeepsTheStandbys(t *testing.T) {
	p := newPair(t)
	for i := range 100 {
		p.write(fmt.Sprintf("/var/lib/asterisk/%d", i), "x")
		p.write(fmt.Sprintf("/etc/asterisk/%d", i), "x")
	}
	p.run()
	was := picture(t, p.standby)
	must(t, os.RemoveAll(p.master+"/var/lib/asterisk"))
	r := p.run()
	if !slices.Equal(r.Missing, []string{"/var/lib/asterisk"}) || len(r.Changes) > 0 || !reflect.DeepEqual(was, picture(t, p.standby)) {
		t.Errorf("missing: did %v", r)
	}
	must(t, os.Mkdir(p.master+"/var/lib/asterisk", 0o755))
	if _, err := p.options.Run(t.Context()); !errors.Is(err, ErrDeletes) || !reflect.DeepEqual(was, picture(t, p.standby)) {
		t.Errorf("emptied: %v", err)
	}
	must(t, os.RemoveAll(p.master+"/etc"))
	must(t, os.RemoveAll(p.master+"/var"))
	if r := p.run(); len(r.Missing) != 2 {
		t.Errorf("all missing: %v", r)
	}
}

func TestExclusionsHideHereAndProtectThere(t *testing.T) {
	p := newPair(t)
	p.options.Exclude = []string{"/etc/asterisk/*.local", "/etc/asterisk/own/", `/etc/asterisk/b\s`, `/var/lib/asterisk/[!x]?**`, "/var/lib/asterisk/d/plain"}
	for _, root := range []string{p.master, p.standby} {
		for _, name := range []string{"/etc/asterisk/a.local", "/etc/asterisk/own/f", `/etc/asterisk/b\s`, "/var/lib/asterisk/ab", "/var/lib/asterisk/d/plain"} {
			put(t, root+name, root)
		}
	}
	p.write("/etc/asterisk/sub/a.local", "* does not match /")
	p.write("/var/lib/asterisk/xb", "the set does not match")
	put(t, p.standby+"/etc/asterisk/gone/deep/x", "x")
	want := []string{"create /etc/asterisk/sub", "create /etc/asterisk/sub/a.local", "create /var/lib/asterisk/xb", "delete /etc/asterisk/gone", "delete /etc/asterisk/gone/deep", "delete /etc/asterisk/gone/deep/x"}
	r := p.run()
	got := changes(r)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("did %q", got)
	}
	for _, name := range []string{"/etc/asterisk/a.local", "/etc/asterisk/own/f", `/etc/asterisk/b\s`, "/var/lib/asterisk/ab", "/var/lib/asterisk/d/plain"} {
		if text, err := os.ReadFile(p.standby + name); err != nil || string(text) != p.standby {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
	if r, err := p.options.Verify(t.Context()); err != nil || len(r.Changes) > 0 {
		t.Errorf("verified: %v, %v", r.Changes, err)
	}
}

func TestTemporaryFilesDoNotFollowAndAreSwept(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/.a.hotpair-tmp", "here")
	put(t, p.standby+"/etc/asterisk/.b.hotpair-tmp", "there")
	p.run()
	if got := picture(t, p.standby); len(got) != 2 {
		t.Errorf("there is %v", got)
	}
}

func TestWhatIsAboveADirectoryIsNotTouched(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/a", "x")
	p.write("/etc/other", "not declared")
	must(t, os.Chmod(p.master+"/etc", 0o700))
	must(t, os.Chmod(p.standby+"/etc", 0o711))
	put(t, p.standby+"/etc/mine", "not declared")
	above := touches(t, p.standby)[p.standby+"/etc"]
	p.run()
	if touches(t, p.standby)[p.standby+"/etc"] != above {
		t.Error("/etc was touched")
	}
	if _, err := os.Stat(p.standby + "/etc/other"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("/etc/other: %v", err)
	}
	p.equal()
}

func TestADeclaredDirectoryMayBeALinkHere(t *testing.T) {
	p := newPair(t)
	must(t, os.Rename(p.master+"/etc/asterisk", p.master+"/moved"))
	must(t, os.Symlink(p.master+"/moved", p.master+"/etc/asterisk"))
	put(t, p.master+"/moved/a", "x")
	if r := p.run(); !slices.Contains(changes(r), "create /etc/asterisk/a") {
		t.Errorf("did %v", changes(r))
	}
	if info, err := os.Lstat(p.standby + "/etc/asterisk"); err != nil || !info.IsDir() {
		t.Errorf("%v, %v", info, err)
	}
}

// The peer accepts no other command line than these. Another version of rsync
// may add letters after e., which tell what the client can do.
func TestThePeersCommandLine(t *testing.T) {
	p := newPair(t)
	p.options.Exclude = []string{"/etc/asterisk/x y*"}
	p.write("/etc/asterisk/a", "x")
	p.run()
	_, err := p.options.Verify(t.Context())
	must(t, err)
	text, err := os.ReadFile(p.log)
	must(t, err)
	want := []string{
		"rsync --server -nlJWogtprRe.CAPS --log-format=%i --timeout=120 --delete-after --stats -@-1 --no-implied-dirs . /",
		"rsync --server -lJWogtprRe.CAPS --log-format=%i --timeout=120 --max-delete=25 --delete-after --stats -@-1 --no-implied-dirs . /",
		"rsync --server -nlJWogtprcRe.CAPS --log-format=%i --timeout=3600 --delete-after --stats -@-1 --no-implied-dirs . /",
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d runs: %q", len(lines), lines)
	}
	for i, line := range lines {
		var args []string
		must(t, json.Unmarshal([]byte(line), &args))
		short, _, _ := strings.Cut(args[2], "e.")
		args[2] = short + "e.CAPS"
		if got := strings.Join(args, " "); got != want[i] {
			t.Errorf("run %d:\n%s\n%s", i, got, want[i])
		}
	}
}

func TestTheEnvironmentDoesNotReachRsync(t *testing.T) {
	p := newPair(t)
	t.Setenv("RSYNC_RSH", "/nowhere")
	t.Setenv("RSYNC_PROTECT_ARGS", "1")
	t.Setenv("RSYNC_PARTIAL_DIR", p.standby)
	p.write("/etc/asterisk/a", "x")
	p.run()
	p.equal()
}
