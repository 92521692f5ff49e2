package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"reflect"
	"slices"
	"syscall"
	"testing"
	"time"
)

// all names everything below a root's declared directories.
func all(t testing.TB, root string) (paths []string) {
	for name := range picture(t, root) {
		paths = append(paths, name)
	}
	return paths
}

func (p *pair) send(s *Session, paths ...string) Result {
	p.t.Helper()
	r, err := s.Send(p.t.Context(), paths)
	must(p.t, err)
	return r
}

func TestASessionBringsEverything(t *testing.T) {
	p := newPair(t)
	p.fill()
	var copied, total int64
	p.options.Progress = func(done, of int64) { copied, total = done, of }
	s := p.session()
	r := p.send(s, all(t, p.master)...)
	p.equal()
	if copied != r.Bytes || total != r.Bytes {
		t.Errorf("progress ended at %d of %d", copied, total)
	}
	if len(r.Changes) < 50 || r.Bytes < 1<<20 {
		t.Errorf("%d changes, %d bytes", len(r.Changes), r.Bytes)
	}
	before := touches(t, p.standby)
	if r := p.send(s, all(t, p.master)...); len(r.Changes) > 0 {
		t.Errorf("done again: %v", changes(r))
	}
	if !reflect.DeepEqual(before, touches(t, p.standby)) {
		t.Error("something was touched")
	}
	if r := p.run(); len(r.Changes) > 0 {
		t.Errorf("rsync finds %v", changes(r))
	}
}

func TestASessionBringsExactlyThePaths(t *testing.T) {
	p := newPair(t)
	for _, name := range []string{"content", "mode", "owner", "gone", "kind/x", "kinds", "same", "link/x"} {
		p.write("/etc/asterisk/"+name, "old")
	}
	must(t, os.Symlink("a", p.master+"/etc/asterisk/target"))
	p.run()
	m := p.master + "/etc/asterisk/"
	p.write("/etc/asterisk/content", "newer")
	must(t, os.Chmod(m+"mode", 0o600))
	must(t, os.Chown(m+"owner", 1, 2))
	must(t, os.Remove(m+"gone"))
	must(t, os.RemoveAll(m+"kind"))
	p.write("/etc/asterisk/kind", "a file now")
	must(t, os.Remove(m+"kinds"))
	p.write("/etc/asterisk/kinds/x", "a directory now")
	must(t, os.Remove(m+"target"))
	must(t, os.Symlink("b", m+"target"))
	must(t, os.RemoveAll(m+"link"))
	must(t, os.Symlink("/nowhere", m+"link"))
	p.write("/etc/asterisk/new/deep/er", "x")
	p.write("/etc/asterisk/unsaid", "x")
	r := p.send(p.session(), inAsterisk("content", "mode", "owner", "gone", "kind", "kinds/x", "same", "target", "link/x", "link", "new/deep/er")...)
	want := []string{
		"attributes /etc/asterisk/mode", "attributes /etc/asterisk/owner",
		"create /etc/asterisk/kinds/x", "create /etc/asterisk/new", "create /etc/asterisk/new/deep", "create /etc/asterisk/new/deep/er",
		"delete /etc/asterisk/gone",
		"update /etc/asterisk/content", "update /etc/asterisk/kind", "update /etc/asterisk/kinds", "update /etc/asterisk/link", "update /etc/asterisk/target",
	}
	got := changes(r)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("did %q", got)
	}
	if _, err := os.Stat(p.standby + "/etc/asterisk/unsaid"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unsaid: %v", err)
	}
	p.send(p.session(), "/etc/asterisk/unsaid")
	p.equal()
}

func inAsterisk(names ...string) (paths []string) {
	for _, name := range names {
		paths = append(paths, "/etc/asterisk/"+name)
	}
	return paths
}

func TestASessionLeavesOutWhatCannotFollow(t *testing.T) {
	p := newPair(t)
	p.options.Exclude = []string{"/etc/asterisk/*.local"}
	p.write("/etc/asterisk/a.local", "x")
	put(t, p.standby+"/etc/asterisk/d/keep", "x")
	put(t, p.standby+"/etc/asterisk/b.local/x", "x")
	must(t, syscall.Mkfifo(p.master+"/etc/asterisk/fifo", 0o644))
	p.write("/etc/asterisk/.x.hotpair-tmp", "x")
	s := p.session()
	r := p.send(s, "/etc/asterisk/a.local", "/etc/asterisk/b.local", "/etc/asterisk/b.local/x", "/etc/asterisk/fifo", "/etc/asterisk/.x.hotpair-tmp", "/etc/asterisk/never/was")
	if len(r.Changes) > 0 {
		t.Errorf("did %v", changes(r))
	}
	for _, wrong := range []string{"/etc/passwd", "/etc/asterisk/../passwd", "etc/asterisk/a", "/etc/asterisk/\x00", ""} {
		if _, err := s.Send(t.Context(), []string{wrong}); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	p.send(s, "/etc/asterisk/d")
	if _, err := os.Stat(p.standby + "/etc/asterisk/d"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("d: %v", err)
	}
	must(t, os.RemoveAll(p.master+"/etc/asterisk"))
	put(t, p.standby+"/etc/asterisk/stays", "x")
	if r := p.send(s, "/etc/asterisk/stays", "/etc/asterisk"); len(r.Changes) > 0 || len(r.Missing) != 1 {
		t.Errorf("missing: did %v", r)
	}
}

func TestAFileThatChangesWhileItIsSentDoesNotAppear(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/a", "as it was")
	s := p.session()
	src := newSource(p.options.Host, declared(), newOwners())
	defer src.close()
	src.add("/etc/asterisk/a")
	items := src.sorted()
	p.write("/etc/asterisk/a", "as it is now, longer")
	s.idle.Reset(silence)
	r, err := s.batch(src, items)
	if err != nil || !slices.Equal(r.Again, []string{"/etc/asterisk/a"}) || len(r.Changes) > 0 {
		t.Errorf("%v, %v", r, err)
	}
	if got := picture(t, p.standby); len(got) != 2 {
		t.Errorf("there is %v", got)
	}
	p.send(s, "/etc/asterisk/a", "/var/lib/asterisk")
	p.equal()
}

func TestVeryManyPathsAreLeftToRsync(t *testing.T) {
	p := newPair(t)
	var paths []string
	for i := range maxItems + 1 {
		name := fmt.Sprintf("/etc/asterisk/%d", i)
		p.write(name, "")
		paths = append(paths, name)
	}
	r := p.send(p.session(), paths...)
	if _, err := os.Stat(p.log); err != nil || len(r.Changes) <= maxItems {
		t.Errorf("%d changes, %v", len(r.Changes), err)
	}
}

func TestASessionsWorkEndsWithItsContext(t *testing.T) {
	p := newPair(t)
	ours, theirs := net.Pipe() // nobody answers
	defer theirs.Close()
	p.options.Open = func(context.Context, string) (net.Conn, error) { return ours, nil }
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.options.Session(ctx); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v", err)
	}
}

func TestOwnersGoByName(t *testing.T) {
	o := newOwners()
	if uid, gid := o.ids(entry{UID: 4242, GID: 4243, User: "daemon", Group: "bin"}); uid != 1 || gid != 2 {
		t.Errorf("by name: %d:%d", uid, gid)
	}
	if uid, gid := o.ids(entry{UID: 4242, GID: 4243, User: "no-such-user", Group: "no-such-group"}); uid != 4242 || gid != 4243 {
		t.Errorf("by number: %d:%d", uid, gid)
	}
	if uid, gid := o.ids(entry{User: "daemon", Group: "bin"}); uid != 0 || gid != 0 {
		t.Errorf("root: %d:%d", uid, gid)
	}
	e := entry{UID: 1, GID: 2}
	if o.name(&e); e.User != "daemon" || e.Group != "bin" {
		t.Errorf("named %+v", e)
	}
}
