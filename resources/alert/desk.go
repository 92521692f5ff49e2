package alert

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/alert/deliver"
	"github.com/hotpair/hotpair/resources/host"
)

const (
	// lookEvery is how often a desk looks without being prodded, which it is
	// whenever the daemon finds something new.
	lookEvery = 15 * time.Second
	// lookSoonest is how soon after a look it looks again.
	lookSoonest = 100 * time.Millisecond
	// lockAgain is how long another desk is waited for at a time.
	lockAgain = 10 * time.Second
)

// Options are what a desk works with.
type Options struct {
	Host *host.Host
	Log  *slog.Logger
	Look func(context.Context) (alert.Look, Node)
}

// Desk sees that receivers are told of conditions.
type Desk struct {
	options Options
	prod    chan struct{}

	mu        sync.Mutex
	receivers []deliver.Receiver
	used      bool // they were said
	posts     map[string]*post
	written   string // what is kept of them
}

// New makes a desk that does nothing yet.
func New(o Options) *Desk {
	return &Desk{options: o, prod: make(chan struct{}, 1), posts: map[string]*post{}}
}

// Use takes over who is told.
func (d *Desk) Use(receivers []deliver.Receiver) {
	d.mu.Lock()
	d.receivers, d.used = receivers, true
	d.mu.Unlock()
	d.Prod()
}

// Prod has the desk look soon.
func (d *Desk) Prod() {
	select {
	case d.prod <- struct{}{}:
	default:
	}
}

// Run looks and tells until the context ends, once no other desk does.
func (d *Desk) Run(ctx context.Context) {
	lock, err := d.lock(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.options.Log.Error("nobody is told of alerts", "error", err)
		}
		return
	}
	defer lock.Release()
	defer d.end()
	known := d.recall()
	for next := time.Duration(0); d.rest(ctx, next); {
		d.staff(ctx, known)
		next = d.look(ctx)
	}
}

// rest waits for the next look; false: there is none.
func (d *Desk) rest(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-d.prod:
	}
	return ctx.Err() == nil
}

// lock waits for another desk to end.
func (d *Desk) lock(ctx context.Context) (*disk.Lock, error) {
	for {
		lock, err := d.options.Host.Lock(ctx, lockPath, disk.Holder{PID: os.Getpid(), Command: "hotpair watch", Since: time.Now()}, lockAgain)
		var busy *disk.Busy
		if !errors.As(err, &busy) {
			return lock, err
		}
	}
}

// look tells every receiver's post what is seen, and gives how long nothing more
// will be due.
func (d *Desk) look(ctx context.Context) time.Duration {
	posts := d.staffed()
	if len(posts) == 0 {
		return lookEvery
	}
	l, n := d.options.Look(ctx)
	now, wait := time.Now(), lookEvery
	for _, p := range posts {
		if next := p.see(now, l, n); !next.IsZero() {
			wait = min(wait, max(next.Sub(now), lookSoonest))
		}
	}
	d.save()
	return wait
}
