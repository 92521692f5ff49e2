package drill

import (
	"context"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

// A Drill is phones that live.
type Drill struct {
	watch  *stopwatch
	phones []*phone
	cancel context.CancelFunc
	group  sync.WaitGroup

	mu      sync.Mutex
	refused error // the first
}

// Start has phones register at the master. Close it.
func Start(ctx context.Context, o Options) (*Drill, error) {
	d := &Drill{watch: newStopwatch(o.Phones)}
	for i := range o.Phones {
		p, err := newPhone(ctx, i, o, d.watch)
		if err != nil {
			d.close()
			return nil, err
		}
		d.phones = append(d.phones, p)
	}
	ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx)) // they go on while the place is given back
	first := make(chan struct{})
	d.phones[0].registered = sync.OnceFunc(func() { close(first) })
	for i, p := range d.phones {
		d.group.Go(func() {
			if i > 0 {
				select {
				case <-first:
				case <-ctx.Done():
				}
			}
			d.note(p.live(ctx))
		})
	}
	for n, at := range o.Servers {
		d.group.Go(func() { d.keepAsking(ctx, Node(n), probe.SIPUDP{Target: probe.Target{To: at}}) })
	}
	return d, nil
}

// keepAsking asks a server by OPTIONS, so that its end is known.
func (d *Drill) keepAsking(ctx context.Context, n Node, a probe.Asker) {
	for ctx.Err() == nil {
		asked := time.Now()
		asking, cancel := context.WithTimeout(ctx, beatLimit)
		answer, _ := a.Ask(asking)
		cancel()
		switch {
		case answer == failover.Alive:
			d.watch.answered(n, time.Now())
		case ctx.Err() == nil:
			d.watch.missed(n, asked)
		}
		pause(ctx, beat)
	}
}

func (d *Drill) note(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refused == nil {
		d.refused = err
	}
}

// Refused is why a phone does not try any more; nil: all do.
func (d *Drill) Refused() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refused
}

// Served counts the phones that are registered at a node that answers.
func (d *Drill) Served(n Node) int { return d.watch.served(n) }

// Begin begins to measure anew.
func (d *Drill) Begin() { d.watch.begin() }

// Outages are how long each phone was without a server at a stretch, at most,
// since the last Begin; one that still is counts.
func (d *Drill) Outages() []time.Duration { return d.watch.outages(time.Now()) }

// Close ends the phones' registrations, and the phones.
func (d *Drill) Close(ctx context.Context) {
	d.cancel()
	d.group.Wait()
	var group sync.WaitGroup
	for _, p := range d.phones {
		group.Go(func() { p.leave(ctx) })
	}
	group.Wait()
	d.close()
}

func (d *Drill) close() {
	for _, p := range d.phones {
		p.close()
	}
}
