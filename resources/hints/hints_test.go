package hints

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func start(t *testing.T, files ...string) *Watcher {
	t.Helper()
	w, err := New(".tmp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	w.Watch(files)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go w.Run(ctx)
	return w
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (w *Watcher) heard(t *testing.T, what string) {
	t.Helper()
	select {
	case <-w.Hints():
	case <-time.After(10 * time.Second):
		t.Fatalf("nothing was heard of %s", what)
	}
	for quiet := false; !quiet; {
		select {
		case <-w.Hints():
		case <-time.After(50 * time.Millisecond):
			quiet = true
		}
	}
}

func TestEveryWayOfChangingAFileIsHeard(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ha.hcl")
	write(t, file, "1")
	w := start(t, file)
	for what, act := range map[string]func() error{
		"a write in place": func() error { return os.WriteFile(file, []byte("2"), 0o644) },
		"a rename over it": func() error {
			write(t, file+".new", "3")
			return os.Rename(file+".new", file)
		},
		"a change of mode": func() error { return os.Chmod(file, 0o600) },
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
		w.heard(t, what)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	w.heard(t, "a removal")
}

func TestADirectoryThatComesBackIsHeardAfterAnotherLook(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "etc")
	file := filepath.Join(dir, "ha.hcl")
	w := start(t, file)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w.heard(t, "a directory that was made")
	w.Watch([]string{file})
	write(t, file, "1")
	w.heard(t, "a file in it")
	if err := os.Rename(dir, dir+".old"); err != nil {
		t.Fatal(err)
	}
	w.heard(t, "a renamed directory")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w.Watch([]string{file})
	write(t, file, "2")
	w.heard(t, "a file in the new directory")
}

func TestALinksTargetIsHeard(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	target, link := filepath.Join(elsewhere, "real.hcl"), filepath.Join(dir, "ha.hcl")
	write(t, target, "1")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	w := start(t, link)
	write(t, target, "2")
	w.heard(t, "the target of a link")
}

func TestAFullQueueIsHeardAndTemporaryFilesAreNot(t *testing.T) {
	dir := t.TempDir()
	w := start(t, filepath.Join(dir, "x"))
	write(t, filepath.Join(dir, "y.tmp"), "")
	select {
	case <-w.Hints():
		t.Error("a temporary file is heard")
	case <-time.After(100 * time.Millisecond):
	}
	for i := range 20000 {
		write(t, filepath.Join(dir, fmt.Sprint(i)), "")
	}
	w.heard(t, "20,000 files")
}

func TestAChangeOfALinkOnTheWayIsHeard(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"first", "middle", "last"} {
		if err := os.Mkdir(at(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, at("last/a"), "1")
	write(t, at("last/b"), "2")
	for link, target := range map[string]string{"first/x": "../middle/x", "middle/x": at("last/a"), "middle/new": at("last/b")} {
		if err := os.Symlink(target, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	w := start(t, at("first/x"))
	if err := os.Rename(at("middle/new"), at("middle/x")); err != nil {
		t.Fatal(err)
	}
	w.heard(t, "a link in the middle")
	w.Watch([]string{at("first/x")})
	write(t, at("last/b"), "3")
	w.heard(t, "the file at the end")
}
