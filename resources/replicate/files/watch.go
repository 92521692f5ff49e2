package files

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long a path must not change before it is told.
	quiet = 300 * time.Millisecond
	// look is how often what is not yet quiet is looked at.
	look = 100 * time.Millisecond
	// again is how often directories that could not be watched are tried.
	again = 10 * time.Second
	// blindly is how often everything is compared meanwhile.
	blindly = 5 * time.Minute
)

// A Batch is what has changed and is quiet again: paths for Session.Send, or a
// reason to compare everything since it is not known what did.
type Batch struct {
	Paths []string
	All   string
}

// Watch hears what changes in the declared directories, by inotify(7). A file
// that is written without end delays only itself. It may miss what is written
// through a mapping or by another machine: compare everything now and then.
type Watch struct {
	options Options
	exclude patterns
	watcher *fsnotify.Watcher
	batches chan Batch
	dirs    map[string]bool // watched, as the node names them
	pending map[string]*unquiet
	ready   map[string]bool
	all     string
	blind   bool // some directory could not be watched

	compared time.Time // when that was last a reason to compare everything
}

// NewWatch watches the declared directories from now on: what a comparison that
// begins later does not see is heard. Its error is that of
// inotify's limits, which it names; a directory that is not there is watched
// once it is.
func NewWatch(o Options) (*Watch, error) {
	exclude, err := newPatterns(o.Exclude)
	if err != nil {
		return nil, err
	}
	there, _, err := o.ready()
	if err != nil {
		return nil, err
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching the directories: %w: see the sysctl fs.inotify.max_user_instances", err)
	}
	w := &Watch{options: o, exclude: exclude, watcher: watcher, batches: make(chan Batch),
		dirs: map[string]bool{}, pending: map[string]*unquiet{}, ready: map[string]bool{}}
	for _, dir := range there {
		if err := w.add(dir, nil); err != nil {
			_ = watcher.Close() // it is not used
			return nil, err
		}
	}
	return w, nil
}

// Batches is where they arrive.
func (w *Watch) Batches() <-chan Batch { return w.batches }

// Close ends the watch; Run returns.
func (w *Watch) Close() error { return w.watcher.Close() }

// Run hands on what it hears until the context is done or the watch closed.
func (w *Watch) Run(ctx context.Context) {
	ticker, retry := time.NewTicker(look), time.NewTicker(again)
	defer ticker.Stop()
	defer retry.Stop()
	ticker.Stop()
	ticking := false
	for {
		if need := len(w.pending) > 0; need && !ticking {
			ticker.Reset(look)
			ticking = true
		} else if !need && ticking {
			ticker.Stop()
			ticking = false
		}
		batch, out := w.next()
		select {
		case <-ctx.Done():
			return
		case event, open := <-w.watcher.Events:
			if !open {
				return
			}
			w.hear(event)
		case err, open := <-w.watcher.Errors:
			if !open {
				return
			}
			w.lost(err)
		case out <- batch:
			w.all, w.ready = "", map[string]bool{}
		case now := <-ticker.C:
			w.settle(now)
		case <-retry.C:
			w.retry()
		}
	}
}

// next is the batch to hand on, and where to, if there is one.
func (w *Watch) next() (Batch, chan<- Batch) {
	switch {
	case w.all != "":
		return Batch{All: w.all}, w.batches
	case len(w.ready) > maxItems:
		return Batch{All: "very much has changed"}, w.batches
	case len(w.ready) > 0:
		paths := make([]string, 0, len(w.ready))
		for name := range w.ready {
			paths = append(paths, name)
		}
		slices.Sort(paths)
		return Batch{Paths: paths}, w.batches
	}
	return Batch{}, nil
}
