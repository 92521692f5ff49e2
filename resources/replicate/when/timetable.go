package when

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
)

// Options of a timetable; each may be left out.
type Options struct {
	Location *time.Location  // whose clock the schedules mean; time.Local
	Log      *slog.Logger    // for a panic of a job
	Clock    clockwork.Clock // the real one
}

// Timetable runs jobs at their times, one at a time.
type Timetable struct {
	clock    clockwork.Clock
	location *time.Location
	log      *slog.Logger
	alarm    gocron.Scheduler
	rung     chan struct{}
	stop     chan struct{}
	done     chan struct{}
	close    func() error

	mu      sync.Mutex
	entries []*entry
	closed  bool
	cancel  context.CancelFunc // of the run under way, or of the one before
	idle    time.Time          // since when nothing runs
}

// New makes a timetable without jobs. It must be closed.
func New(o Options) (*Timetable, error) {
	t := &Timetable{
		clock:    o.Clock,
		location: cmp.Or(o.Location, time.Local),
		log:      cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
		rung:     make(chan struct{}, 1),
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
		cancel:   func() {},
	}
	if t.clock == nil {
		t.clock = clockwork.NewRealClock()
	}
	alarm, err := gocron.NewScheduler(gocron.WithLocation(time.UTC), gocron.WithClock(t.clock))
	if err != nil {
		return nil, fmt.Errorf("starting the timetable: %w", err)
	}
	t.alarm, t.close = alarm, sync.OnceValue(t.end)
	alarm.Start()
	go t.loop()
	return t, nil
}

// Set replaces the jobs. A run under way goes on, and what is known of a job
// stays with its name. Runs get a context under ctx; when that is done, no run
// begins any more. An error tells which job is wrong, and changes nothing.
func (t *Timetable) Set(ctx context.Context, jobs []Job) error {
	if err := t.check(jobs); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return errors.New("setting the jobs: the timetable is closed")
	}
	entries := make([]*entry, len(jobs))
	for i, job := range jobs {
		if entries[i] = t.find(job.Name); entries[i] == nil {
			entries[i] = &entry{added: t.now()}
		}
		entries[i].Job, entries[i].ctx = job, ctx
	}
	t.entries = entries
	t.ring()
	return nil
}

func (t *Timetable) check(jobs []Job) error {
	seen := map[string]bool{}
	for _, job := range jobs {
		switch {
		case seen[job.Name]:
			return fmt.Errorf("setting the jobs: there are two of the name %s", job.Name)
		case job.Schedule != onChange && Next(job.Schedule, t.now()).IsZero():
			return fmt.Errorf("setting the job %s: the schedule %q is never due: write five fields, such as \"0 * * * *\"", job.Name, job.Schedule)
		}
		seen[job.Name] = true
	}
	return nil
}

// Prod runs a job as soon as nothing runs. Prods until it starts are one, those
// while it runs are one more run. Other names are ignored.
func (t *Timetable) Prod(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.find(name); e != nil && e.prodded.IsZero() {
		e.prodded = t.now()
		t.ring()
	}
}

// Next is when a job is due, to try again too: past while it waits or runs late,
// zero where only a prod makes it run or where there is no such job.
func (t *Timetable) Next(name string) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.find(name)
	if e == nil {
		return time.Time{}
	}
	e.look(t.now())
	at, _ := e.due()
	return at
}

// Close ends the timetable. It cancels the context of the run under way and
// waits for it.
func (t *Timetable) Close() error { return t.close() }

func (t *Timetable) end() error {
	t.mu.Lock()
	t.closed = true
	t.cancel()
	t.mu.Unlock()
	close(t.stop)
	<-t.done
	return t.alarm.Shutdown()
}

func (t *Timetable) find(name string) *entry {
	for _, e := range t.entries {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// now is the time of the clock alone: to compare monotonic readings would hide
// that it was set.
func (t *Timetable) now() time.Time { return t.clock.Now().Round(0).In(t.location) }
