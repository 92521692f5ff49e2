package loop

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// passes runs a loop for a time and tells when it passed, and why.
type passes struct {
	at  []time.Duration
	why []Why
}

func run(t *testing.T, d time.Duration, pass func(Why) error, during func(hint func())) passes {
	t.Helper()
	var p passes
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	hints := make(chan struct{}, 1)
	began := time.Now()
	l := Loop{Interval: 30 * time.Second, Quiet: 200 * time.Millisecond, Longest: 2 * time.Second, Hints: hints, Random: func() float64 { return 0.5 }}
	l.Pass = func(_ context.Context, why Why) (time.Duration, error) {
		p.at, p.why = append(p.at, time.Since(began)), append(p.why, why)
		return 0, pass(why)
	}
	go during(func() {
		select {
		case hints <- struct{}{}:
		default:
		}
	})
	l.Run(ctx)
	return p
}

func well(Why) error { return nil }

func TestAnHourAtRestIsOnePassAnInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, time.Hour-time.Second, well, func(func()) {})
		if len(p.at) != 120 || p.why[0] != Start || p.why[119] != Tick {
			t.Errorf("%d passes", len(p.at))
		}
	})
}

func TestABurstIsOnePass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, 20*time.Second, well, func(hint func()) {
			time.Sleep(time.Second)
			for range 10000 {
				hint()
			}
		})
		if len(p.at) != 2 || p.why[1] != Hint || p.at[1] > 1500*time.Millisecond {
			t.Errorf("passes at %v, %v", p.at, p.why)
		}
	})
}

func TestABurstThatDoesNotEndIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, 21*time.Second, well, func(hint func()) {
			for range 420 {
				time.Sleep(50 * time.Millisecond)
				hint()
			}
		})
		if len(p.at) < 10 {
			t.Errorf("%d passes", len(p.at))
		}
	})
}

func TestFailuresBackOffAndHintsAreHeardMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, 10*time.Minute, func(Why) error { return errors.New("provd is away") }, func(hint func()) {
			time.Sleep(5 * time.Minute)
			hint()
		})
		if len(p.at) > 30 || p.at[1] != time.Second || p.at[2] != 3*time.Second || p.at[3] != 7*time.Second {
			t.Errorf("passes at %v", p.at)
		}
		heard := false
		for i, why := range p.why {
			heard = heard || why == Hint && p.at[i] < 5*time.Minute+2*time.Second
		}
		if !heard {
			t.Errorf("reasons %v", p.why)
		}
	})
}

func TestAStormOfHintsAndFailuresIsNoBusyLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, time.Minute, func(Why) error { return errors.New("no") }, func(hint func()) {
			for range 600 {
				time.Sleep(100 * time.Millisecond)
				hint()
			}
		})
		if len(p.at) > 61 {
			t.Errorf("%d passes in a minute", len(p.at))
		}
	})
}

func TestAPassUnderWayIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := false
		l := Loop{Interval: time.Hour, Random: func() float64 { return 0 }, Pass: func(context.Context, Why) (time.Duration, error) {
			cancel()
			time.Sleep(time.Minute)
			ended = true
			return 0, nil
		}}
		if l.Run(ctx); !ended {
			t.Error("the pass was left")
		}
	})
}

func TestBackoffHasACap(t *testing.T) {
	for _, c := range []struct {
		failures int
		interval time.Duration
		want     time.Duration
	}{{1, time.Second, time.Second}, {4, time.Minute, 8 * time.Second}, {100, time.Second, 30 * time.Second}, {1000, time.Hour, 5 * time.Minute}} {
		if got := Backoff(c.failures, c.interval, 0.5); got != c.want {
			t.Errorf("%d failures: %s, want %s", c.failures, got, c.want)
		}
	}
}
