// Package hints tells that something moved in directories. A hint may be false,
// and one may be lost: whoever hears it looks for himself, and looks now and
// then without one.
//
// What inotify(7) does that one would not expect: a watch on a file ends at the
// first atomic replacement, so directories are watched; a directory that is
// renamed takes its watch along; a symbolic link's new target gives no event;
// and a queue that is full gives one event for all that are lost.
package hints

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// Watcher gives hints on one channel, of which it holds at most one.
type Watcher struct {
	watcher *fsnotify.Watcher // nil: the kernel gave none
	hints   chan struct{}
	watched map[string]identity
	ignore  string
}

// identity tells a directory from another one of the same name.
type identity struct{ device, inode uint64 }

// New makes a watcher that ignores files whose names end so. With an error, such
// as that the kernel has no more to give (inotify(7), max_user_instances), comes
// one that hears of nothing, and hands on Prod alone.
func New(ignore string) (*Watcher, error) {
	w := &Watcher{hints: make(chan struct{}, 1), watched: map[string]identity{}, ignore: ignore}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return w, err
	}
	w.watcher = watcher
	return w, nil
}

// Hints is where hints arrive.
func (w *Watcher) Hints() <-chan struct{} { return w.hints }

// Run hands on what is heard until the context is done, or the watcher closed.
func (w *Watcher) Run(ctx context.Context) {
	if w.watcher == nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case event, open := <-w.watcher.Events:
			if !open {
				return
			}
			if !strings.HasSuffix(event.Name, w.ignore) {
				w.Prod()
			}
		case _, open := <-w.watcher.Errors:
			if !open {
				return
			}
			w.Prod() // events were lost
		}
	}
}

// Prod gives a hint.
func (w *Watcher) Prod() {
	select {
	case w.hints <- struct{}{}:
	default:
	}
}

// Close ends the watcher.
func (w *Watcher) Close() error {
	if w.watcher == nil {
		return nil
	}
	return w.watcher.Close()
}

// Watch has exactly the directories of these files watched, and those of every
// symbolic link on the way to them. Of a directory that is not there the nearest
// one above is. It is to be called again from time to time: a directory may
// have been replaced.
func (w *Watcher) Watch(files []string) {
	if w.watcher == nil {
		return
	}
	wanted := map[string]identity{}
	for _, file := range files {
		for _, dir := range directories(file) {
			dir, id := existing(dir)
			wanted[dir] = id
		}
	}
	for dir := range w.watched {
		if wanted[dir] != w.watched[dir] {
			_ = w.watcher.Remove(dir) // it may be gone already
			delete(w.watched, dir)
		}
	}
	for dir, id := range wanted {
		if !slices.Contains(w.watcher.WatchList(), dir) {
			delete(w.watched, dir)
		}
		if _, is := w.watched[dir]; is {
			continue
		}
		if err := w.watcher.Add(dir); err == nil {
			w.watched[dir] = id
		}
	}
}

// mostLinks is how many links Linux follows (path_resolution(7)).
const mostLinks = 40

// directories are those of a file and of every link that it leads through.
func directories(file string) []string {
	var dirs []string
	for range mostLinks {
		dir := filepath.Dir(file)
		dirs = append(dirs, dir)
		target, err := os.Readlink(file)
		if err != nil {
			break
		}
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			dir = real
		}
		if file = target; !filepath.IsAbs(file) {
			file = filepath.Join(dir, target)
		}
	}
	return dirs
}

// existing is the nearest directory that is there.
func existing(dir string) (string, identity) {
	for {
		info, err := os.Stat(dir)
		if err == nil && info.IsDir() {
			stat, _ := info.Sys().(*syscall.Stat_t)
			return dir, identity{stat.Dev, stat.Ino}
		}
		if dir == filepath.Dir(dir) {
			return dir, identity{}
		}
		dir = filepath.Dir(dir)
	}
}
