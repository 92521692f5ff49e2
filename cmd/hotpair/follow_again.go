package main

import (
	"errors"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/when"
)

// retries tries failed jobs again sooner than the timetable does: a link that
// comes back, or a server that was restarted, is not waited for by the quarter
// of an hour. Runs use it one at a time.
type retries struct {
	prod     func(job string)
	failures map[string]int // in a row
	timers   map[string]*time.Timer
}

const (
	firstRetry  = 10 * time.Second
	latestRetry = time.Minute
	someRetries = 3 // of a job that fails at something else than reaching the peer
)

// after takes in how a run of a job ended.
func (r *retries) after(job string, err error) {
	if timer := r.timers[job]; timer != nil {
		timer.Stop()
	}
	if err == nil {
		delete(r.failures, job)
		return
	}
	r.failures[job]++
	if wait := retryIn(r.failures[job], err); wait > 0 {
		r.timers[job] = time.AfterFunc(wait, func() { r.prod(job) })
	}
}

// retryIn is how long to wait after so many failures in a row, the last of
// which is given; zero: the timetable knows.
func retryIn(failures int, err error) time.Duration {
	var away *replicate.Away
	if !errors.As(err, &away) && failures > someRetries {
		return 0
	}
	return min(firstRetry<<min(failures-1, 10), latestRetry)
}

// why is the reason for a run: a prod of ours is no change.
func (r *retries) why(job string, why when.Why) string {
	if why == when.Change && r.failures[job] > 0 {
		why = when.Retry
	}
	return string(why)
}

func (r *retries) end() {
	for _, timer := range r.timers {
		timer.Stop()
	}
}
