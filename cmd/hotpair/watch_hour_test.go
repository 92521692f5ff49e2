package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources/hints"
	"github.com/hotpair/hotpair/resources/host"
)

// An hour of the daemon's own passes over a node, of which none is skipped and
// the time alone is not real: so the dashboard, whose socket is, is off.
func TestAnHourAtRestDoesNothing(t *testing.T) {
	w := settled(t, "dashboard {\n  enabled = false\n}\n")
	log := &lockedBuffer{}
	a := &app{stdio: stdio{in: strings.NewReader(""), out: io.Discard, err: log}, root: w.dir, quiet: true, logLevel: "info", logStyle: "text"}
	w.must(a.setUp())
	h, err := host.Open(w.dir)
	w.must(err)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour-time.Second)
		defer cancel()
		daemon := newWatching(a, h, &hints.Watcher{})
		passes, before := 0, ""
		l := loop.Loop{Interval: interval, Quiet: quiet, Longest: longest, Hints: make(chan struct{}), Random: func() float64 { return 0.5 }}
		l.Pass = func(ctx context.Context, why loop.Why) (time.Duration, error) {
			if passes++; passes == 2 {
				before = treeOf(t, w.dir)
			}
			return daemon.pass(ctx, why)
		}
		l.Run(ctx)
		if after := treeOf(t, w.dir); passes != 120 || before != after {
			t.Errorf("%d passes; before and after:\n%s\n%s", passes, before, after)
		}
	})
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("it logs %s", log)
	}
}
