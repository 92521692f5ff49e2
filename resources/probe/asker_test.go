package probe

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// asker is a target in fake time: it takes so long for each answer, or for ever
// when that is below 0.
type asker struct {
	mu    sync.Mutex
	takes time.Duration
	reply reply
	asked []time.Time
	out   int
	most  int // that were out at a time
	deaf  bool
	ended bool
}

func (a *asker) Ask(ctx context.Context) (failover.Answer, error) {
	a.mu.Lock()
	a.asked = append(a.asked, time.Now())
	takes, r, deaf := a.takes, a.reply, a.deaf
	a.out++
	a.most = max(a.most, a.out)
	a.mu.Unlock()
	defer func() { a.mu.Lock(); a.out--; a.mu.Unlock() }()
	if deaf {
		time.Sleep(takes)
		return r.answer, r.err
	}
	if takes < 0 || !sleep(ctx, takes) {
		<-ctx.Done()
		return failover.Silent, ctx.Err()
	}
	return r.answer, r.err
}

func (a *asker) Close() error { a.ended = true; return nil }

func (a *asker) set(takes time.Duration, answer failover.Answer, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.takes, a.reply = takes, reply{answer, err}
}

// run watches probes for a time in which do happens, and ends the watch.
func run(t *testing.T, probes []Probe, do func(w *Watch)) {
	t.Helper()
	w, err := New(probes)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	do(w)
	cancel()
	<-ended
}

func alive(takes time.Duration) *asker {
	return &asker{takes: takes, reply: reply{answer: failover.Alive}}
}
