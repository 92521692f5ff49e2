package when

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jonboulle/clockwork"
)

// wallClock is a real clock whose hands can be set: timers do not see it.
type wallClock struct {
	clockwork.Clock
	ahead atomic.Int64
	calls atomic.Int64
	jump  func(call int64) // before each call
}

func (c *wallClock) Now() time.Time {
	if call := c.calls.Add(1); c.jump != nil {
		c.jump(call)
	}
	return c.Clock.Now().Round(0).Add(time.Duration(c.ahead.Load()))
}

func (c *wallClock) set(by time.Duration) { c.ahead.Add(int64(by)) }

// A desk is a timetable in fake time, and what it ran.
type desk struct {
	*Timetable
	t       *testing.T
	clock   *wallClock
	running atomic.Int32

	mu   sync.Mutex
	last map[string]time.Time
	runs []string
}

// open starts a timetable at a time in a zone. All goroutines must end with the
// test: synctest fails where one does not.
func open(t *testing.T, name, start string) *desk {
	t.Helper()
	location := zone(t, name)
	time.Sleep(time.Until(at(t, location, start)))
	d := &desk{t: t, clock: &wallClock{Clock: clockwork.NewRealClock()}, last: map[string]time.Time{}}
	timetable, err := New(Options{Location: location, Clock: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	d.Timetable = timetable
	t.Cleanup(func() {
		if err := timetable.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// job is a job that notes its start, takes so long, and ends so. It has run
// before, as long ago as its last says; nil: just now.
func (d *desk) job(name, schedule string, takes time.Duration, end func() error) Job {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.last[name]; !known {
		d.last[name] = d.clock.Now()
	}
	return Job{Name: name, Schedule: schedule, Last: func() time.Time {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.last[name]
	}, Run: func(ctx context.Context, why Why) error {
		d.start(name, why)
		defer d.running.Add(-1)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(takes):
		}
		return end()
	}}
}

func (d *desk) start(name string, why Why) {
	if d.running.Add(1) > 1 {
		d.t.Errorf("%s runs beside another", name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now().In(d.location)
	d.last[name] = now
	d.runs = append(d.runs, fmt.Sprintf("%s %s %s", now.Format("02 15:04:05"), name, why))
}

func (d *desk) set(jobs ...Job) {
	d.t.Helper()
	if err := d.Set(d.t.Context(), jobs); err != nil {
		d.t.Fatal(err)
	}
}

// after lets time go by, and tells what ran in it.
func (d *desk) after(span time.Duration) []string {
	time.Sleep(span)
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	runs := d.runs
	d.runs = nil
	return runs
}

func (d *desk) expect(span time.Duration, want ...string) {
	d.t.Helper()
	if got := d.after(span); !slices.Equal(got, want) {
		d.t.Errorf("ran %q, not %q", got, want)
	}
}

func good() error { return nil }
func bad() error  { return errors.New("the peer does not answer") }
