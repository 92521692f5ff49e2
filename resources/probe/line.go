package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// A line puts one probe's questions, one after another, and tells how they end.
type line struct {
	Probe
	note func(outcome)
}

// An outcome is how a question ended.
type outcome struct {
	asked, ended time.Time
	answer       failover.Answer // Unknown: it was not asked
	why          string          // for people; "" when it is Alive
}

// reply is what an Asker said.
type reply struct {
	answer failover.Answer
	err    error
}

// grace is for an Asker to come back after its time, with a better reason.
const grace = 100 * time.Millisecond

// ask puts a question and notes how it ended, unless the context did first. One
// that goes on beyond its time is a silence, then and at every later tick.
func (l *line) ask(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, l.Timeout)
	defer cancel()
	asked, over := time.Now(), make(chan struct{})
	var noting sync.WaitGroup
	noting.Add(1)
	late := time.AfterFunc(l.Timeout+grace, func() {
		defer noting.Done()
		l.late(ctx, asked, over)
	})
	r := l.put(limited)
	if !late.Stop() {
		close(over)
		noting.Wait()
	} else if ctx.Err() == nil {
		l.note(l.outcome(asked, r))
	}
}

// late notes silences until the question is over.
func (l *line) late(ctx context.Context, asked time.Time, over <-chan struct{}) {
	l.note(l.outcome(asked, reply{failover.Silent, context.DeadlineExceeded}))
	ticker := time.NewTicker(l.Interval)
	defer ticker.Stop()
	for {
		select {
		case <-over:
			return
		case <-ctx.Done():
			return
		case tick := <-ticker.C:
			l.note(l.outcome(tick, reply{failover.Silent, errors.New("the question before has not ended")}))
		}
	}
}

// put asks. A probe that breaks fails; it takes no other one along.
func (l *line) put(ctx context.Context) (r reply) {
	defer func() {
		if broken := recover(); broken != nil {
			r = reply{failover.Silent, fmt.Errorf("the probe itself is broken: %v", broken)}
		}
	}()
	r.answer, r.err = l.Ask(ctx)
	return r
}

func (l *line) outcome(asked time.Time, r reply) outcome {
	o := outcome{asked: asked, ended: time.Now(), answer: r.answer}
	if o.answer == failover.Unknown {
		o.answer = failover.Silent
		if r.err == nil {
			r.err = errors.New("the probe gave no answer")
		}
	}
	if o.answer == failover.Silent && notAsked(r.err) {
		o.answer = failover.Unknown
	}
	o.why = Explain(r.err, l.Timeout)
	return o
}

// close lets go of what the Asker keeps.
func (l *line) close() {
	if c, ok := l.Asker.(io.Closer); ok {
		_ = c.Close() // nothing more is asked
	}
}
