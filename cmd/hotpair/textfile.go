package main

import (
	"context"
	"sync"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// textfile keeps the file that node_exporter's textfile collector reads. It has a
// goroutine of its own: a disk that hangs delays nothing else.
type textfile struct {
	app    *app
	host   *host.Host
	text   func(ctx context.Context) ([]byte, error)
	path   string // "": none is kept
	prods  chan struct{}
	cancel context.CancelFunc
	group  sync.WaitGroup
	failed string // why it is not written
}

const (
	// textfileEvery is how often it is written where nothing happens, so that one that
	// is old tells of a dead daemon.
	textfileEvery = 30 * time.Second
	// sampleLimit is how long it may take to find out how the node stands.
	sampleLimit = 10 * time.Second
)

// use keeps the file at a path; "": at none. One that is not kept any more is
// removed, since nobody would see that it is old.
func (t *textfile) use(ctx context.Context, path string) {
	if path == t.path {
		return
	}
	t.end()
	if t.path != "" {
		if err := t.host.Remove(t.path); err != nil {
			t.app.log.Warn("the old file of metrics is left", "error", err)
		}
	}
	t.path, t.failed = path, ""
	if path == "" {
		return
	}
	ctx, t.cancel = context.WithCancel(ctx)
	t.group.Go(func() { t.keep(ctx) })
}

// prod has it written soon.
func (t *textfile) prod() {
	select {
	case t.prods <- struct{}{}:
	default: // it will be anyway
	}
}

func (t *textfile) keep(ctx context.Context) {
	ticker := time.NewTicker(textfileEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-t.prods:
		}
		t.write(ctx)
	}
}

func (t *textfile) write(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sampleLimit)
	defer cancel()
	text, err := t.text(ctx)
	if err == nil {
		err = t.host.Write(t.path, text, 0o644)
	}
	switch {
	case err == nil && t.failed != "":
		t.failed = ""
		t.app.log.Info("the metrics are written again", "file", t.path)
	case err != nil && t.failed != err.Error():
		t.failed = err.Error()
		t.app.log.Error("the metrics are not written", "error", err)
	}
}

// end ends the writing. The file stays: that it grows old tells that nobody looks
// after the node any more.
func (t *textfile) end() {
	if t.cancel != nil {
		t.cancel()
		t.group.Wait()
		t.cancel = nil
	}
}
