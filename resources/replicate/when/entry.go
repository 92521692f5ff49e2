package when

import (
	"context"
	"time"
)

// day is the longest time between two runs of a job that is Daily.
const day = 24 * time.Hour

// An entry is a job and what the timetable knows of it.
type entry struct {
	Job
	ctx   context.Context
	added time.Time
	// from is the start of the last run; zero: never.
	from time.Time
	// failures in a row, and when the last of them ended.
	failures int
	ended    time.Time
	// prodded is the first prod since the last start; zero: none.
	prodded time.Time
}

// look takes in what others did: a run by hand, and a clock that was set back,
// after which what lies ahead is taken for now.
func (e *entry) look(now time.Time) {
	if last := e.Last(); last.After(e.from) && !last.After(now) {
		e.from = last.In(now.Location())
	}
	for _, past := range []*time.Time{&e.added, &e.from, &e.ended} {
		if past.After(now) {
			*past = now
		}
	}
}

// due is the time of the next run, past while the job waits; zero: only a prod
// makes it run.
func (e *entry) due() (at time.Time, why Why) {
	at = e.scheduled()
	if e.failures == 0 {
		return at, Schedule
	}
	if retry := e.ended.Add(backoff(e.failures)); !at.After(e.ended) || at.After(retry) {
		return retry, Retry
	}
	return at, Schedule
}

// scheduled is due but for failures. What has never run is due at once.
func (e *entry) scheduled() time.Time {
	at := Next(e.Schedule, e.from)
	switch daily := e.from.Add(day); {
	case e.from.IsZero() && (e.Daily || !at.IsZero()):
		return e.added
	case e.Daily && (at.IsZero() || at.After(daily)):
		return daily
	}
	return at
}

// backoff is how long to wait after so many failures in a row.
func backoff(failures int) time.Duration {
	return min(time.Minute<<min(failures-1, 4), 15*time.Minute)
}

// waiting tells since when the job waits to be run; zero: it does not.
func (e *entry) waiting(now time.Time) time.Time {
	at, _ := e.due()
	switch {
	case at.IsZero() || at.After(now):
		return e.prodded
	case e.prodded.IsZero() || at.Before(e.prodded):
		return at
	}
	return e.prodded
}

// reason is why a waiting job runs. Nothing has run since idle.
func (e *entry) reason(now, idle time.Time) Why {
	at, why := e.due()
	switch {
	case at.IsZero() || at.After(now):
		return Change
	case why == Retry:
		return Retry
	case !at.After(e.added) || now.Sub(later(at, idle)) > 2*poll:
		return Missed
	}
	return Schedule
}
