package probe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// A Watch runs probes, and knows how each of them stands.
type Watch struct {
	lines []*line
	quota *quota

	mu   sync.Mutex
	rows []row
}

// spread keeps the first questions apart. Later ones go out at common ticks: the
// fewer of those, the longer the machine sleeps.
const spread = 10 * time.Millisecond

// New makes a watch, which asks nothing before Run. Its error says which probe
// makes no sense, and why.
func New(probes []Probe) (*Watch, error) {
	w := &Watch{quota: newQuota()}
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
	ticker := time.NewTicker(l.Interval)
	defer ticker.Stop()
	if !sleep(ctx, time.Duration(i)*spread) {
		return
	}
	for w.quota.take(ctx, l.Asker) {
		l.ask(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (w *Watch) note(i int, o outcome) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rows[i].note(o)
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
