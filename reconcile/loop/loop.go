// Package loop knows when a daemon looks at its node, how long it waits after a
// failure, when it stops mending what somebody else keeps breaking, and which
// change of role waits for consent. It looks at nothing itself, and decides by
// what it is told.
package loop

import (
	"context"
	"time"
)

// Why a pass is made.
type Why string

// The reasons for a pass.
const (
	Start Why = "start"
	Hint  Why = "hint"  // something moved, perhaps
	Tick  Why = "tick"  // the interval is over: hints can be lost
	Retry Why = "retry" // after a failure
)

// Loop makes passes, one at a time: at the start, when something moved, and
// every interval.
type Loop struct {
	Interval time.Duration
	// Quiet is how long nothing must move before a pass, so that a burst is one;
	// Longest is when a burst that does not end is cut.
	Quiet, Longest time.Duration
	Hints          <-chan struct{}
	Pass           func(ctx context.Context, why Why) (interval time.Duration, err error)
	Random         func() float64 // in [0, 1), for the jitter of retries
}

// restless is the shortest time between two passes while passes fail.
const restless = time.Second

// Run makes passes until the context is done; a pass under way is ended first.
func (l *Loop) Run(ctx context.Context) {
	why, failures := Start, 0
	for ctx.Err() == nil {
		ended, wait, next := l.pass(ctx, why, &failures)
		if why = l.await(ctx, wait, next); why == Hint && failures > 0 {
			sleep(ctx, restless-time.Since(ended))
		}
	}
}

// pass makes one pass, and tells how long to wait for what comes next.
func (l *Loop) pass(ctx context.Context, why Why, failures *int) (ended time.Time, wait time.Duration, next Why) {
	interval, err := l.Pass(ctx, why)
	if interval > 0 {
		l.Interval = interval
	}
	if err == nil {
		*failures = 0
		return time.Now(), l.Interval, Tick
	}
	*failures++
	return time.Now(), Backoff(*failures, l.Interval, l.Random()), Retry
}

// await waits for the time to be over or for a burst of hints to end.
func (l *Loop) await(ctx context.Context, wait time.Duration, next Why) Why {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-l.Hints:
		l.settle(ctx)
		return Hint
	}
	return next
}

// settle waits for quiet.
func (l *Loop) settle(ctx context.Context) {
	end := time.Now().Add(l.Longest)
	for time.Now().Before(end) {
		timer := time.NewTimer(min(l.Quiet, time.Until(end)))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			return
		case <-l.Hints:
			timer.Stop()
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Backoff is how long to wait after so many failures in a row: 1 s, doubling up
// to the interval, which for this counts as at least 30 s and at most 5 min;
// give or take a fifth by random, which is in [0, 1).
func Backoff(failures int, interval time.Duration, random float64) time.Duration {
	most := min(max(interval, 30*time.Second), 5*time.Minute)
	wait := most
	if failures < 10 {
		wait = min(time.Second<<(failures-1), most)
	}
	return time.Duration(float64(wait) * (0.8 + 0.4*random))
}
