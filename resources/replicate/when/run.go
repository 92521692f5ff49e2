package when

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// poll is how often the timetable looks at the clock whatever it was told.
const poll = time.Minute

// ring makes the timetable look.
func (t *Timetable) ring() {
	select {
	case t.rung <- struct{}{}:
	default:
	}
}

func (t *Timetable) loop() {
	defer close(t.done)
	tick := t.clock.NewTicker(poll)
	defer tick.Stop()
	for {
		select {
		case <-t.stop:
			return
		case <-t.rung:
		case <-tick.Chan():
		}
		for quiet := false; !quiet; quiet = t.arm() {
			for run := t.begin(); run != nil; run = t.begin() {
				run()
			}
		}
	}
}

// begin is the run of the job that has waited longest; nil where none waits.
func (t *Timetable) begin() (run func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	e := t.first(now)
	if e == nil {
		return nil
	}
	why, job := e.reason(now, t.idle), e.Job
	ctx, cancel := context.WithCancel(e.ctx)
	e.from, e.prodded, t.cancel = now, time.Time{}, cancel
	return func() {
		defer cancel()
		t.finish(e, t.guard(ctx, job, why))
	}
}

// first is the job that has waited longest.
func (t *Timetable) first(now time.Time) (first *entry) {
	var since time.Time
	for _, e := range t.entries {
		e.look(now)
		waits := e.waiting(now)
		if !t.closed && e.ctx.Err() == nil && !waits.IsZero() && (first == nil || waits.Before(since)) {
			first, since = e, waits
		}
	}
	return first
}

func (t *Timetable) finish(e *entry, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.idle = t.now()
	e.failures++
	e.ended = t.idle
	if err == nil {
		e.failures = 0
	}
}

// guard runs a job. The value of a panic may hold what no log may: only its type
// is told.
func (t *Timetable) guard(ctx context.Context, job Job, why Why) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("%s broke off", job.Name)
			t.log.Error("a job panicked", "job", job.Name, "type", fmt.Sprintf("%T", value), "stack", string(debug.Stack()))
		}
	}()
	return job.Run(ctx, why)
}
