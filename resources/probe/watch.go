package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// A Watch runs probes, and knows how each of them stands.
type Watch struct {
	lines []*line
	quota *quota

	began time.Time

	mu        sync.Mutex
	rows      []row
	calm      bool          // all is well, so that there is less to ask
	disturbed chan struct{} // closed when it ceases to be
	moved     chan struct{} // closed when a vote changes
	movedAt   time.Time     // when one last did
}

// spread keeps the first questions apart. Later ones go out at common ticks: the
// fewer of those, the longer the machine sleeps.
const spread = 10 * time.Millisecond

// rest is how far ticks are apart while whatever was ever heard is alive. The
// first answer that does not come has all probes ask at their own paces.
const rest = 3 * time.Second

// New makes a watch, which asks nothing before Run. Its error says which probe
// makes no sense, and why.
func New(probes []Probe) (*Watch, error) {
	w := &Watch{quota: newQuota(), began: time.Now(), moved: make(chan struct{})}
	names := map[string]bool{}
	var errs []error
	for i, p := range probes {
		errs = append(errs, p.check())
		if names[p.Name] {
			errs = append(errs, fmt.Errorf("probe %q: there are two of this name", p.Name))
		}
		names[p.Name] = true
		w.lines = append(w.lines, &line{p, func(o outcome) { w.note(i, o) }})
		w.rows = append(w.rows, row{fall: p.Fall, rise: p.Rise, vote: failover.Vote{Name: p.Name, Kind: p.Kind}})
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return w, nil
}

// Run asks until the context ends, and then waits for the questions that are
// still out. It may be called once.
func (w *Watch) Run(ctx context.Context) {
	var all sync.WaitGroup
	for i := range w.lines {
		all.Go(func() { w.keep(ctx, i) })
	}
	all.Wait()
}

// Votes are how the probes stand at this moment, in the order in which they were
// declared. It waits for no answer.
func (w *Watch) Votes() []failover.Vote {
	w.mu.Lock()
	defer w.mu.Unlock()
	votes := make([]failover.Vote, len(w.rows))
	for i, r := range w.rows {
		votes[i] = r.vote
	}
	return votes
}

// keep asks one probe's questions. One that takes long lets ticks go by.
func (w *Watch) keep(ctx context.Context, i int) {
	l := w.lines[i]
	defer l.close()
	if !sleep(ctx, time.Duration(i)*spread) {
		return
	}
	for w.quota.take(ctx, l.Asker) {
		asked := time.Now()
		l.ask(ctx)
		if !w.Wait(ctx, asked, Ticks{Interval: l.Interval, MayRest: true}) {
			return
		}
	}
}

// Ticks are the times at which something is done: an interval apart, or further
// while all is well, where that may be.
type Ticks struct {
	Interval time.Duration
	MayRest  bool
	Votes    bool // a vote that changes is one, too
}

// Wait waits for the first tick after a time; one that is over is not waited for.
// It is false when the context ended.
func (w *Watch) Wait(ctx context.Context, after time.Time, t Ticks) bool {
	var disturbed, moved <-chan struct{}
	for {
		every, m := t.Interval, w.mood()
		if t.MayRest && m.calm {
			every, disturbed = max(t.Interval, rest), m.disturbed
		}
		if t.Votes {
			if m.movedAt.After(after) {
				return ctx.Err() == nil
			}
			moved = m.moved
		}
		last := after.Sub(w.began)
		timer := time.NewTimer(last - last%every + every - time.Since(w.began))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
			return true
		case <-moved:
			timer.Stop()
			return true
		case <-disturbed:
			timer.Stop()
			disturbed = nil
		}
	}
}

// mood is how all stand, and what tells that they do no more.
type mood struct {
	calm             bool
	disturbed, moved <-chan struct{}
	movedAt          time.Time
}

func (w *Watch) mood() mood {
	w.mu.Lock()
	defer w.mu.Unlock()
	return mood{w.calm, w.disturbed, w.moved, w.movedAt}
}

func (w *Watch) note(i int, o outcome) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, was := w.rows[i].vote.Answer, w.calm
	w.rows[i].note(o)
	if w.rows[i].vote.Answer != before {
		close(w.moved)
		w.moved, w.movedAt = make(chan struct{}), time.Now()
	}
	w.calm = !slices.ContainsFunc(w.rows, func(r row) bool { return !r.calm() })
	switch {
	case w.calm && !was:
		w.disturbed = make(chan struct{})
	case was && !w.calm:
		close(w.disturbed)
	}
}

// sleep tells whether the time went by before the context ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
