package when

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestProdsDuringARunAreOneMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:00")
		d.set(d.job("a", onChange, time.Minute, good))
		d.expect(48 * time.Hour)
		d.Prod("a")
		d.Prod("nobody")
		d.expect(10*time.Second, "07 12:00:00 a change")
		for range 5 {
			d.Prod("a")
			time.Sleep(time.Second)
		}
		d.expect(time.Hour, "07 12:01:00 a change")
		if next := d.Next("a"); !next.IsZero() {
			t.Errorf("on_change is due at %s", next)
		}
	})
}

func TestTwoJobsNeverRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 11:59:00")
		d.set(d.job("a", "0 * * * *", 10*time.Minute, good), d.job("b", "0,1,2 * * * *", time.Second, good), d.job("c", onChange, time.Second, good))
		d.after(2 * time.Minute)
		d.Prod("c")
		d.expect(57*time.Minute, "05 12:10:00 b schedule", "05 12:10:01 c change")
	})
}

func TestAConstantlyProddedJobStarvesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 11:50:30")
		var prodded Job
		prodded = d.job("c", onChange, time.Minute, func() error { d.Prod(prodded.Name); return nil })
		d.set(prodded, d.job("a", "0 * * * *", time.Second, good))
		d.Prod("c")
		if runs := d.after(time.Hour); !slices.Contains(runs, "05 12:00:30 a schedule") {
			t.Errorf("ran %q", runs)
		}
	})
}

func TestWhatWaitedLongestRunsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 11:59:20")
		d.set(d.job("p", onChange, 0, good), d.job("q", onChange, 0, good), d.job("b", "2 12 * * *", 0, good),
			d.job("x", "1 12 * * *", 0, good), d.job("a", "0 12 * * *", 10*time.Minute, good))
		for _, prods := range [][]string{nil, nil, nil, {"q"}, {"p"}, {"q", "x"}} {
			for _, name := range prods {
				d.Prod(name)
			}
			time.Sleep(time.Minute)
		}
		d.expect(time.Hour, "05 12:00:00 a schedule", "05 12:10:00 x schedule", "05 12:10:00 b schedule", "05 12:10:00 q change", "05 12:10:00 p change")
	})
}

func TestSetDuringARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 11:59:00")
		a, gone := d.job("a", "0 * * * *", 10*time.Minute, good), d.job("gone", "30 * * * *", 10*time.Minute, good)
		d.set(a, gone)
		d.after(2 * time.Minute)
		a.Schedule = "*/20 * * * *"
		d.set(a, d.job("b", "2 * * * *", time.Second, good))
		d.expect(50*time.Minute, "05 12:10:00 b schedule", "05 12:20:00 a schedule", "05 12:40:00 a schedule")
		if got := d.Next("gone"); !got.IsZero() {
			t.Errorf("gone is due at %s", got)
		}
		d.set(gone)
		d.after(45 * time.Minute) // it runs, so that it cannot be begun at once
		d.Prod("gone")
		d.set()
		d.expect(time.Hour)
	})
}

func TestSetRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:00")
		d.set(d.job("a", "0 * * * *", 0, good))
		for want, jobs := range map[string][]Job{
			"there are two of the name b":            {d.job("b", "0 * * * *", 0, good), d.job("b", onChange, 0, good)},
			"setting the job b: the schedule \"CRON": {d.job("b", "CRON_TZ=", 0, good)},
			"is never due":                           {d.job("b", "0 0 31 2 *", 0, good)},
		} {
			if err := d.Set(t.Context(), jobs); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, not %s", err, want)
			}
		}
		d.expect(time.Hour, "05 13:00:00 a schedule")
	})
}

func TestARunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 11:59:00")
		ctx, cancel := context.WithCancel(t.Context())
		if err := d.Set(ctx, []Job{d.job("a", "*/5 * * * *", time.Hour, good)}); err != nil {
			t.Fatal(err)
		}
		d.after(2 * time.Minute)
		cancel()
		d.Prod("a")
		d.expect(time.Hour)
		if d.running.Load() != 0 {
			t.Error("the run goes on")
		}
	})
}

func TestCloseWaitsForTheRunUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:00")
		var ended atomic.Bool
		job := d.job("a", onChange, 0, good)
		job.Run = func(ctx context.Context, _ Why) error {
			<-ctx.Done()
			time.Sleep(time.Minute) // longer than gocron would wait
			ended.Store(true)
			return ctx.Err()
		}
		d.set(job, d.job("b", onChange, 0, good))
		d.Prod("a")
		d.Prod("b")
		synctest.Wait()
		if err := d.Close(); err != nil || !ended.Load() {
			t.Errorf("ended: %v, %v", ended.Load(), err)
		}
		d.Prod("b")
		d.expect(2 * time.Hour)
		if err := d.Set(t.Context(), nil); err == nil {
			t.Error("a closed timetable takes jobs")
		}
	})
}

// Without fake time, as the daemon has it.
func TestTheRealClock(t *testing.T) {
	timetable, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan Why, 10)
	job := Job{Name: "a", Schedule: "@every 1s", Last: func() time.Time { return time.Time{} }, Run: func(_ context.Context, why Why) error {
		ran <- why
		return nil
	}}
	if err := timetable.Set(t.Context(), []Job{job}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []Why{Missed, Schedule, Schedule} {
		select {
		case got := <-ran:
			if got != want {
				t.Errorf("%s, not %s", got, want)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("no run")
		}
	}
	if err := timetable.Close(); err != nil {
		t.Error(err)
	}
}
