package when

import (
	"time"

	"github.com/robfig/cron/v3"
)

// Next is the first time after another at which a schedule is due, in the same
// location: five fields as cron(8) has them, one of its words but @reboot, or
// "@every 15m", which is counted from after. It is zero where the schedule has no
// times: "on_change", a day that no month has, or a text that is no schedule.
func Next(schedule string, after time.Time) time.Time {
	switch s := parse(schedule).(type) {
	case cron.ConstantDelaySchedule:
		return after.Add(s.Delay)
	case *cron.SpecSchedule:
		return next(s, wild(schedule), after)
	}
	return time.Time{}
}

// next looks through the periods between two changes of the clock, in which the
// clock runs as it does in UTC.
func next(s *cron.SpecSchedule, wild bool, after time.Time) time.Time {
	for t, from := after, shown(after); ; {
		start, end := t.ZoneBounds()
		if back := -summer(start); back > 0 && !wild {
			from = later(from, shown(start).Add(back-1))
		}
		due := search(s, from)
		if due.IsZero() {
			return due
		}
		at := instant(due, t)
		switch {
		case end.IsZero() || at.Before(end):
			return at
		case !wild && summer(end) > 0 && due.Before(shown(end)):
			return end
		}
		t, from = end, shown(end).Add(-1)
	}
}

// search is the first time after another at which a schedule is due in UTC. No
// schedule that is ever due stays silent for 45 years: a 29th of February that
// is a Sunday comes after 40 at the latest.
func search(s *cron.SpecSchedule, after time.Time) time.Time {
	for range 9 {
		if due := s.Next(after); !due.IsZero() {
			return due
		}
		after = time.Date(after.Year()+5, time.December, 31, 23, 59, 59, 0, time.UTC)
	}
	return time.Time{}
}

// shown is what the clock shows at a time, as the time at which UTC shows it.
func shown(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// instant is when the clock shows due, by the offset that it has at t.
func instant(due, t time.Time) time.Time {
	_, offset := t.Zone()
	return due.Add(-time.Duration(offset) * time.Second).In(t.Location())
}

// summer is how far the clock is set forward at a change, back where it is
// negative; zero for a change that is no summer time.
func summer(change time.Time) time.Duration {
	const correction = 3 * time.Hour
	shift := shown(change).Sub(shown(change.Add(-1))) - 1
	if shift.Abs() >= correction {
		return 0
	}
	return shift
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
