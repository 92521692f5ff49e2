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
	prod   func(job string)
	failed map[string]*failing
}

// failing is a job that failed the last time.
type failing struct {
	times int // in a row
	away  bool
	timer *time.Timer
}

const (
	firstRetry  = 5 * time.Second
	latestRetry = time.Minute
	someRetries = 4 // of a job that fails at something else than the peer
)

func newRetries(prod func(job string)) retries { return retries{prod, map[string]*failing{}} }

// after takes in how a run of a job ended. Once one reached the peer, the others
// that did not are due as well.
func (r *retries) after(job string, err error) {
	now := r.failed[job]
	if now == nil {
		now = &failing{}
		r.failed[job] = now
	}
	now.stop()
	var away *replicate.Away
	if now.away = errors.As(err, &away); !now.away {
		r.others(job)
	}
	if err == nil {
		delete(r.failed, job)
		return
	}
	now.times++
	if wait := retryIn(now.times, now.away); wait > 0 {
		now.timer = time.AfterFunc(wait, func() { r.prod(job) })
	}
}

func (r *retries) others(job string) {
	for other, f := range r.failed {
		if other != job && f.away {
			r.prod(other)
		}
	}
}

// retryIn is how long to wait after so many failures in a row; zero: the
// timetable knows.
func retryIn(times int, away bool) time.Duration {
	if !away && times > someRetries {
		return 0
	}
	return min(firstRetry<<min(times-1, 10), latestRetry)
}

// why is the reason for a run: a prod of ours is no change.
func (r *retries) why(job string, why when.Why) string {
	if why == when.Change && r.failed[job] != nil {
		why = when.Retry
	}
	return string(why)
}

func (r *retries) end() {
	for _, f := range r.failed {
		f.stop()
	}
}

func (f *failing) stop() {
	if f.timer != nil {
		f.timer.Stop()
	}
}
