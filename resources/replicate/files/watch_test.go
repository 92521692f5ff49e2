package files

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

func (p *pair) watch() *Watch {
	p.t.Helper()
	w, err := NewWatch(p.options)
	must(p.t, err)
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan struct{})
	go func() { w.Run(ctx); close(done) }()
	p.t.Cleanup(func() { cancel(); <-done; w.Close() })
	return w
}

// hear gathers batches until all of these have come; it gives what else did.
func (w *Watch) hearAll(t *testing.T, want ...string) (all []string) {
	t.Helper()
	limit := time.After(20 * time.Second)
	missing := func(name string) bool { return !slices.Contains(all, name) }
	for slices.ContainsFunc(want, missing) {
		select {
		case b := <-w.Batches():
			if b.All != "" {
				t.Fatalf("everything: %s", b.All)
			}
			all = append(all, b.Paths...)
		case <-limit:
			t.Fatalf("heard %q of %q", all, want)
		}
	}
	return all
}

func TestEveryChangeIsHeardAndCanBeSent(t *testing.T) {
	p := newPair(t)
	p.fill()
	p.write("/etc/asterisk/old/name/x", "x")
	must(t, os.Mkdir(p.master+"/outside", 0o755))
	put(t, p.master+"/outside/came/in", "x")
	p.run()
	w, s := p.watch(), p.session()
	m := p.master + "/etc/asterisk/"
	p.write("/etc/asterisk/odd/a b", "changed")
	p.write("/etc/asterisk/new/in/depth/x", "x")
	must(t, os.Remove(m+"empty"))
	must(t, os.Remove(m+"up"))
	must(t, os.Symlink("elsewhere", m+"up"))
	must(t, os.Chmod(m+"emptydir", 0o711))
	must(t, os.Rename(m+"old", m+"renamed"))
	must(t, os.Rename(p.master+"/outside/came", m+"came"))
	must(t, os.RemoveAll(m+"sticky"))
	want := inAsterisk("odd/a b", "new", "new/in", "new/in/depth", "new/in/depth/x", "empty", "up", "emptydir", "old", "renamed", "renamed/name", "renamed/name/x", "came", "came/in", "sticky")
	p.send(s, w.hearAll(t, want...)...)
	p.equal()
	p.write("/etc/asterisk/renamed/name/y", "in a directory that was renamed")
	p.write("/etc/asterisk/came/in", "in one that came")
	p.send(s, w.hearAll(t, "/etc/asterisk/renamed/name/y", "/etc/asterisk/came/in")...)
	p.equal()
}

func TestWhatIsExcludedOrTemporaryIsNotHeard(t *testing.T) {
	p := newPair(t)
	p.options.Exclude = []string{"/etc/asterisk/*.local"}
	w := p.watch()
	p.write("/etc/asterisk/a.local", "x")
	p.write("/etc/asterisk/b.local/x", "x")
	p.write("/etc/asterisk/.x.hotpair-tmp", "x")
	p.write("/etc/asterisk/last", "x")
	if got := w.hearAll(t, "/etc/asterisk/last"); len(got) != 1 {
		t.Errorf("heard %q", got)
	}
}

func TestAWriterWithoutEndDelaysOnlyItself(t *testing.T) {
	p := newPair(t)
	w := p.watch()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		f, err := os.Create(p.master + "/etc/asterisk/log")
		for err == nil {
			select {
			case <-stop:
				f.Close()
				return
			case <-time.After(10 * time.Millisecond):
				_, err = f.WriteString("more\n")
			}
		}
	}()
	for i := range 5 {
		name := fmt.Sprintf("/etc/asterisk/%d", i)
		p.write(name, "x")
		if got := w.hearAll(t, name); slices.Contains(got, "/etc/asterisk/log") {
			t.Error("the log was not quiet")
		}
	}
	close(stop)
	<-done
	w.hearAll(t, "/etc/asterisk/log")
}

func TestEventsThatAreLostHaveEverythingCompared(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/d/x", "x")
	w, err := NewWatch(p.options)
	must(t, err)
	defer w.Close()
	w.lost(fsnotify.ErrEventOverflow)
	b, to := w.next()
	if to == nil || !strings.Contains(b.All, "overflow") {
		t.Errorf("got %v", b)
	}
	if got := len(w.watcher.WatchList()); got != 3 {
		t.Errorf("%d directories are watched", got)
	}
}

func TestADirectoryThatComesBackIsWatched(t *testing.T) {
	p := newPair(t)
	w, err := NewWatch(p.options)
	must(t, err)
	defer w.Close()
	must(t, os.RemoveAll(p.master+"/etc/asterisk"))
	for w.dirs["/etc/asterisk"] {
		select {
		case event := <-w.watcher.Events:
			w.hear(event)
		case <-time.After(10 * time.Second):
			t.Fatal("its end was not heard")
		}
	}
	w.retry()
	if w.all != "" {
		t.Errorf("said %q", w.all)
	}
	p.write("/etc/asterisk/d/x", "x")
	w.retry()
	if w.all != "/etc/asterisk is there now" || !w.dirs["/etc/asterisk/d"] {
		t.Errorf("said %q, watches %v", w.all, w.dirs)
	}
}

func TestABurstIsHeardWhole(t *testing.T) {
	p := newPair(t)
	w := p.watch()
	var want []string
	for i := range 300 {
		for j := range 3 {
			name := fmt.Sprintf("/var/lib/asterisk/%d/%d/f", i, j)
			p.write(name, "x")
			want = append(want, name, filepath.Dir(name))
		}
	}
	w.hearAll(t, want...)
}
