package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// unquiet is a path that changed lately.
type unquiet struct {
	since time.Time
	size  int64
	mtime time.Time
}

// hear takes one event.
func (w *Watch) hear(event fsnotify.Event) {
	name := path.Clean(w.options.Host.Inside(event.Name))
	if w.exclude.match(name) {
		return
	}
	if event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) {
		w.drop(name)
	}
	w.touch(name)
	if event.Has(fsnotify.Create) && w.isDir(name) {
		if err := w.add(name, w.touch); err != nil {
			w.lost(err)
		}
	}
}

func (w *Watch) isDir(name string) bool {
	info, err := os.Lstat(w.options.Host.Host(name))
	return err == nil && info.IsDir()
}

// add watches a directory and all below it, and tells what it holds: that was
// perhaps made before it was watched. One that vanishes meanwhile is no error.
func (w *Watch) add(dir string, tell func(string)) error {
	place := w.options.Host.Host(dir)
	err := w.watcher.Add(place)
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("watching %s: the limit of watches is reached: raise the sysctl fs.inotify.max_user_watches", printable(dir))
	}
	if err == nil {
		w.dirs[dir] = true
		err = w.addBelow(dir, tell)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	return err
}

func (w *Watch) addBelow(dir string, tell func(string)) error {
	entries, err := os.ReadDir(w.options.Host.Host(dir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if w.exclude.hit(name) {
			continue
		}
		if tell != nil {
			tell(name)
		}
		if e.IsDir() {
			if err := w.add(name, tell); err != nil {
				return err
			}
		}
	}
	return nil
}

// drop unwatches a directory that is gone from its place, and all below it.
func (w *Watch) drop(name string) {
	if !w.dirs[name] {
		return
	}
	for dir := range w.dirs {
		if dir == name || strings.HasPrefix(dir, name+"/") {
			_ = w.watcher.Remove(w.options.Host.Host(dir)) // it may have ended by itself
			delete(w.dirs, dir)
		}
	}
}

// lost has everything compared and watched anew.
func (w *Watch) lost(err error) {
	w.all = err.Error()
	w.rewatch()
}

func (w *Watch) rewatch() {
	for _, place := range w.watcher.WatchList() {
		_ = w.watcher.Remove(place) // it may have ended by itself
	}
	w.dirs, w.blind = map[string]bool{}, false
	for _, dir := range w.options.Directories {
		if err := w.add(dir, nil); err != nil {
			w.all, w.blind = err.Error(), true
		}
	}
}

// retry watches what was not there, or could not be watched.
func (w *Watch) retry() {
	if w.blind {
		w.retryBlind()
		return
	}
	for _, dir := range w.options.Directories {
		if w.dirs[dir] {
			continue
		}
		if err := w.add(dir, nil); err != nil {
			w.all, w.blind = err.Error(), true
		} else if w.dirs[dir] {
			w.all = dir + " is there now"
		}
	}
}

// retryBlind watches again, and while that cannot be has everything compared
// now and then.
func (w *Watch) retryBlind() {
	before := w.all
	w.rewatch()
	switch now := time.Now(); {
	case !w.blind:
		w.all = "the directories are watched again"
	case now.Sub(w.compared) < blindly:
		w.all = before
	default:
		w.compared = now
	}
}

// touch has a path wait until it is quiet.
func (w *Watch) touch(name string) {
	w.pending[name] = w.at(name, time.Now())
}

func (w *Watch) at(name string, now time.Time) *unquiet {
	u := &unquiet{since: now, size: -1}
	if info, err := os.Lstat(w.options.Host.Host(name)); err == nil {
		u.size, u.mtime = info.Size(), info.ModTime()
	}
	return u
}

// settle makes ready what has been quiet for long enough.
func (w *Watch) settle(now time.Time) {
	for name, was := range w.pending {
		if now.Sub(was.since) < quiet {
			continue
		}
		is := w.at(name, now)
		if is.size != was.size || !is.mtime.Equal(was.mtime) {
			w.pending[name] = is
			continue
		}
		delete(w.pending, name)
		w.ready[name] = true
	}
}
