package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// A line puts one probe's questions, one after another.
type line struct {
	Probe
	free chan struct{} // holds a token while no question is out
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

func newLine(p Probe) *line {
	l := &line{Probe: p, free: make(chan struct{}, 1)}
	l.free <- struct{}{}
	return l
}

// ask puts a question and waits for as long as the probe's timeout. One that is
// still out from before is a failure, and no second one joins it.
func (l *line) ask(ctx context.Context) outcome {
	asked := time.Now()
	r := reply{failover.Silent, errors.New("the question before has not ended")}
	select {
	case <-l.free:
		r = l.question(ctx)
	default:
	}
	return l.outcome(asked, r)
}

func (l *line) question(ctx context.Context) reply {
	ctx, cancel := context.WithTimeout(ctx, l.Timeout)
	came := make(chan reply, 1)
	go func() {
		defer func() { l.free <- struct{}{} }()
		defer cancel()
		came <- l.put(ctx)
	}()
	select {
	case r := <-came:
		return r
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case r := <-came:
		return r
	case <-timer.C:
		return reply{failover.Silent, context.DeadlineExceeded}
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
	switch {
	case r.err != nil && o.answer == failover.Unknown:
		o.answer = failover.Silent
	case o.answer == failover.Unknown:
		o.answer, r.err = failover.Silent, errors.New("the probe gave no answer")
	}
	if o.answer == failover.Silent && notAsked(r.err) {
		o.answer = failover.Unknown
	}
	o.why = explain(r.err, l.Timeout)
	return o
}

// close waits for the question that is out.
func (l *line) close() {
	<-l.free
	if c, ok := l.Asker.(io.Closer); ok {
		_ = c.Close() // nothing more is asked
	}
}
