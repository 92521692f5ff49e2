package alert

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/when"
)

const (
	// tolerable is how much later than the schedule says a replication may be: a
	// long one, or a few that are tried again, are not told.
	tolerable = 30 * time.Minute
	// onceADay is how often everything is compared.
	onceADay = 24 * time.Hour
)

func (f Facts) replication() (list []alert.Condition) {
	if len(f.Schedules) == 0 {
		return nil
	}
	failing, since := maps.Clone(f.Failing), time.Time{}
	if failing == nil {
		failing = map[string]string{}
	}
	var late []string
	for _, s := range f.Status.Replication {
		switch {
		case s.Failure != "":
			if failing[s.What] == "" {
				failing[s.What] = s.Failure
			}
			if since.IsZero() || s.Failing.Before(since) {
				since = s.Failing
			}
		case s.Waits == "" && f.late(s):
			late = append(late, s.What)
		}
	}
	if len(failing) > 0 {
		c := condition(ReplicationFailed, reasons(failing))
		what := strings.Join(slices.Sorted(maps.Keys(failing)), " and ")
		c.Title, c.Over, c.Since = parts(what)+" not replicated", parts(what)+" replicated again", since
		list = append(list, c)
	}
	if w := f.Status.Failover; len(late) > 0 && (w == nil || w.Paused.IsZero()) { // maintenance holds it
		c := condition(ReplicationLate, "Not replicated when the schedule says so, and no failure is known: "+strings.Join(late, " and ")+".")
		c.Least = restart // what was missed is made up for
		list = append(list, c)
	}
	return list
}

// late tells whether a part should have been replicated by now. One that never was
// has time from the daemon's start on.
func (f Facts) late(s replicate.Standing) bool {
	last := s.Good
	if w := f.Status.Watch; w != nil && w.Since.After(last) {
		last = w.Since
	}
	due := when.Next(f.Schedules[s.What], last.Local())
	if daily := last.Add(onceADay); due.IsZero() || due.After(daily) { // whatever the schedule
		due = daily
	}
	behind := f.Behind[s.What]
	return f.Status.At.Sub(due) > tolerable || !behind.IsZero() && f.Status.At.Sub(behind) > tolerable
}

// Lag is since when parts that are to follow each change have been behind, by
// their names.
type Lag map[string]time.Time

// See is the lag once this is seen. A part that was replicated since it was first
// seen behind has changed again.
func (l Lag) See(list []replicate.Standing, now time.Time) Lag {
	next := Lag{}
	for _, s := range list {
		if len(s.Behind) == 0 {
			continue
		}
		if next[s.What] = l[s.What]; next[s.What].IsZero() || s.Good.After(next[s.What]) {
			next[s.What] = now
		}
	}
	return next
}

// parts says of one or several parts that they are.
func parts(what string) string {
	if what == replicate.DatabaseName {
		return "the " + what + " is"
	}
	return "the " + what + " are"
}

// reasons tells why each part is not replicated; once what is so for all.
func reasons(failing map[string]string) string {
	var list []string
	for _, what := range slices.Sorted(maps.Keys(failing)) {
		if why := sentence(failing[what]); !slices.Contains(list, why) {
			list = append(list, why)
		}
	}
	return strings.Join(list, " ")
}
