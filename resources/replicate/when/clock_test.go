package when

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// They start between two looks a minute, so that none hides what the alarm does
// wrong, and take no time, so that gocron is asked for the next time at the last.
func TestJobsRunWhenTheClockIsChanged(t *testing.T) {
	for _, test := range []struct {
		zone, schedule, start string
		want                  []string
	}{
		{"Europe/Paris", "30 2 * * *", "2026-03-28 12:00:20", []string{"29 03:00:00 a schedule", "30 02:30:00 a schedule"}},
		{"Europe/Paris", "30 2 * * *", "2026-10-24 12:00:20", []string{"25 02:30:00 a schedule", "26 02:30:00 a schedule"}},
		{"Europe/Paris", "0 */1 * * *", "2026-10-25 01:30:20", []string{"25 02:00:00 a schedule", "25 02:00:00 a schedule", "25 03:00:00 a schedule"}},
		{"America/New_York", "30 2 * * *", "2026-03-07 12:00:20", []string{"08 03:00:00 a schedule", "09 02:30:00 a schedule"}},
		{"America/New_York", "30 1 * * *", "2026-10-31 12:00:20", []string{"01 01:30:00 a schedule", "02 01:30:00 a schedule"}},
		{"Australia/Sydney", "30 2 * * *", "2026-10-03 12:00:20", []string{"04 03:00:00 a schedule", "05 02:30:00 a schedule"}},
		{"Australia/Lord_Howe", "15 2 * * *", "2026-10-03 12:00:20", []string{"04 02:30:00 a schedule", "05 02:15:00 a schedule"}},
		{"Australia/Lord_Howe", "45 1 * * *", "2026-04-04 12:00:20", []string{"05 01:45:00 a schedule", "06 01:45:00 a schedule"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := open(t, test.zone, test.start)
			d.set(d.job("a", test.schedule, 0, good))
			if got := d.after(41 * time.Hour); !slices.Equal(got[:min(len(got), len(test.want))], test.want) || len(got) > 2 && len(test.want) == 2 {
				t.Errorf("%s in %s ran %q, not %q", test.schedule, test.zone, got, test.want)
			}
		})
	}
}

// gocron leaves out a time that reads as the one before: where the zone's offset
// is as long as the interval, the two may not be of different zones.
func TestTheAlarmIsSetForTheNextTime(t *testing.T) {
	for _, test := range []struct{ zone, schedule, start, next string }{
		{"America/New_York", "0 */4 * * *", "2026-07-01 07:59:20", "2026-07-01 12:00:00"},
		{"Europe/Paris", "0 */2 * * *", "2026-07-01 07:59:20", "2026-07-01 10:00:00"},
		{"Europe/Paris", "0 * * * *", "2026-10-25 01:59:20", "2026-10-25 02:00:00 +0100"},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := open(t, test.zone, test.start)
			d.set(d.job("a", test.schedule, 0, good))
			d.after(40 * time.Second)
			for _, alarm := range d.alarm.Jobs() {
				if got, err := alarm.NextRun(); err != nil || !got.Equal(at(t, d.location, test.next)) {
					t.Errorf("%s in %s: %s, %v", test.schedule, test.zone, got, err)
				}
			}
			if d.Next("a").IsZero() || len(d.alarm.Jobs()) != 1 {
				t.Errorf("%d alarms", len(d.alarm.Jobs()))
			}
		})
	}
}

func TestAWeekOfQuarterHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "Europe/Paris", "2026-10-19 00:00:20")
		start := d.clock.Now().Truncate(time.Minute)
		d.set(d.job("a", "*/15 * * * *", 40*time.Second, good))
		runs := d.after(7*day + time.Second)
		if len(runs) != 7*24*4 {
			t.Fatalf("%d runs", len(runs))
		}
		for i, run := range runs {
			if want := start.Add(time.Duration(i+1)*15*time.Minute).In(d.location).Format("02 15:04:05") + " a schedule"; run != want {
				t.Fatalf("run %d: %s, not %s", i, run, want)
			}
		}
	})
}

func TestAMissedRunIsMadeUpForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:00")
		d.last["down"] = d.clock.Now().Add(-5 * day)
		d.last["fresh"] = d.clock.Now().Add(-time.Hour)
		d.last["never"] = time.Time{}
		d.last["ahead"] = d.clock.Now().Add(400 * day)
		d.last["edge"] = d.clock.Now().Add(-12 * time.Hour)
		d.set(d.job("down", "0 3 * * *", time.Second, good), d.job("fresh", "0 3 * * *", time.Second, good),
			d.job("never", "0 3 * * *", time.Second, good), d.job("ahead", "0 3 * * *", time.Second, good),
			d.job("edge", "0 0 * * *", time.Second, good), d.job("prodded", "on_change", time.Second, good))
		d.expect(10*time.Hour, "05 12:00:00 down missed", "05 12:00:01 never missed", "05 12:00:02 ahead missed")
	})
}

func TestASleepIsMadeUpForWithinAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:30")
		d.set(d.job("a", "0 * * * *", time.Second, good))
		d.expect(10 * time.Second)
		d.clock.set(5 * time.Hour)
		d.expect(time.Minute, "05 17:01:30 a missed")
		d.expect(2*time.Hour, "05 18:00:00 a schedule", "05 19:00:00 a schedule")
	})
}

func TestAClockThatIsSetBackStopsNothing(t *testing.T) {
	for _, by := range []time.Duration{time.Second, 10 * time.Minute, 2 * time.Hour, 400 * day} {
		synctest.Test(t, func(t *testing.T) {
			d := open(t, "UTC", "2027-01-05 11:59:30")
			d.set(d.job("a", "0 * * * *", time.Second, good), d.job("b", "@every 1h", time.Second, good), d.job("c", "1 12 * * *", time.Second, bad))
			d.after(15 * time.Minute)
			d.clock.set(-by)
			count := map[string]int{}
			for _, run := range d.after(3 * time.Hour) {
				fields := strings.Fields(run)
				count[fields[2]]++
				if fields[2] == "a" && !strings.HasSuffix(fields[1], ":00:00") {
					t.Errorf("set back by %s: %s", by, run)
				}
			}
			if count["a"] != 3 || count["b"] < 2 || count["b"] > 3 || count["c"] < 11 || count["c"] > 13 {
				t.Errorf("set back by %s: %v in three hours", by, count)
			}
		})
	}
}

// What becomes due while the alarm is set is not left to the look a minute
// later: time passes at each of the times that the clock is asked.
func TestNothingFallsBetweenTwoAlarms(t *testing.T) {
	for call := int64(1); ; call++ {
		over := false
		synctest.Test(t, func(t *testing.T) {
			d := open(t, "UTC", "2026-01-05 11:59:20")
			d.set(d.job("a", "0 12 * * *", 0, good), d.job("b", onChange, 0, good))
			d.after(time.Second)
			before := d.clock.calls.Load()
			d.clock.jump = func(n int64) {
				if n == before+call {
					d.clock.set(39 * time.Second)
				}
			}
			d.Prod("b")
			synctest.Wait()
			d.clock.jump = nil
			over = d.clock.calls.Load() < before+call
			if runs := d.after(0); !over && !slices.Contains(runs, "05 12:00:00 a schedule") {
				t.Errorf("time passed at call %d: ran %q", call, runs)
			}
		})
		if over {
			if call < 8 {
				t.Errorf("the clock was asked %d times", call-1)
			}
			return
		}
	}
}

func TestEveryCountsFromTheStartOfTheLastRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:00")
		d.set(d.job("a", "@every 15m", time.Minute, good))
		d.expect(20*time.Minute, "05 12:15:00 a schedule")
		d.Prod("a")
		d.expect(29*time.Minute, "05 12:20:00 a change", "05 12:35:00 a schedule")
		d.mu.Lock()
		d.last["a"] = d.clock.Now() // by hand
		d.mu.Unlock()
		d.expect(16*time.Minute, "05 13:04:00 a schedule")
	})
}

func TestADailyJobRunsADayAfterTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 12:00:00")
		daily, weekly := d.job("daily", onChange, 0, good), d.job("weekly", "0 12 * * 1", 0, good)
		daily.Daily, weekly.Daily = true, true
		d.set(daily, weekly)
		time.Sleep(6 * time.Hour)
		d.Prod("daily")
		d.expect(43*time.Hour, "05 18:00:00 daily change", "06 12:00:00 weekly schedule", "06 18:00:00 daily schedule", "07 12:00:00 weekly schedule")
		d.last["new"] = time.Time{}
		fresh := d.job("new", onChange, 0, good)
		fresh.Daily = true
		d.set(fresh)
		d.expect(time.Second, "07 13:00:00 new missed")
	})
}
