package alert

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources/alert/deliver"
	"github.com/hotpair/hotpair/resources/host"
)

const (
	// After how long a receiver is tried again that could not be told.
	firstAgain  = 5 * time.Second
	latestAgain = 2 * time.Minute
	// grace is how long a message may take that is on its way at the end.
	grace = 2 * time.Second
)

// post tells one receiver what is due.
type post struct {
	receiver deliver.Receiver
	log      *slog.Logger
	changed  func() // what is known of it did
	wake     chan struct{}
	end      func() // ends run

	mu    sync.Mutex
	kept  kept
	node  Node
	due   []alert.Message
	tries int       // that failed in a row
	said  string    // the failure that was logged
	again time.Time // not before
}

func (d *Desk) post(r deliver.Receiver, known kept) *post {
	if way := r.Way.String(); known.Way != way {
		known = kept{Way: way}
	}
	return &post{receiver: r, log: d.options.Log.With("alert", r.Name), changed: d.save, wake: make(chan struct{}, 1), kept: known}
}

// see takes in a look, and gives when more may be due without a change.
func (p *post) see(now time.Time, l alert.Look, n Node) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	var due alert.Due
	p.kept.Known, due = alert.Judge(p.kept.Known, now, p.receiver.Policy, l)
	if p.due, p.node = due.Messages, n; len(p.due) > 0 {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
	return due.Next
}

// run hands over what is due, until the context ends.
func (p *post) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-timer.C:
		}
		p.deliver(ctx)
		if wait := p.wait(); wait > 0 {
			timer.Reset(wait)
		}
	}
}

// wait is after how long what is due is tried again; 0: nothing is.
func (p *post) wait() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.due) == 0 {
		return 0
	}
	return max(time.Until(p.again), time.Millisecond)
}

// deliver hands over what is due now, one after the other, until one fails.
func (p *post) deliver(ctx context.Context) {
	for ctx.Err() == nil {
		msg, text, there := p.next()
		if !there {
			return
		}
		err := p.send(ctx, text)
		if err != nil && ctx.Err() != nil {
			return // it was not the receiver that failed
		}
		p.ended(msg, err)
		p.changed()
	}
}

// send hands over a message. One that is on its way when the context ends has a
// little longer, so that it is not sent again.
func (p *post) send(ctx context.Context, text deliver.Message) error {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.receiver.Timeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	return p.receiver.Way.Send(limit, text)
}

// next is the message to hand over now.
func (p *post) next() (alert.Message, deliver.Message, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.due) == 0 || time.Now().Before(p.again) {
		return alert.Message{}, deliver.Message{}, false
	}
	return p.due[0], p.node.message(p.due[0], time.Now()), true
}

// ended takes in how a delivery ended. What is due may have changed meanwhile.
func (p *post) ended(msg alert.Message, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.log.Info("told", "event", string(msg.Event), "condition", msg.Condition.Key())
		if p.said != "" {
			p.log.Info("it can be told again")
		}
		p.said = ""
		p.kept.Known = p.kept.Known.Told(time.Now(), msg)
		p.kept.Failure, p.kept.Failing, p.tries, p.again = "", time.Time{}, 0, time.Time{}
		p.due = slices.DeleteFunc(p.due, func(m alert.Message) bool { return m.Condition.Key() == msg.Condition.Key() })
		return
	}
	p.again = time.Now().Add(min(firstAgain<<min(p.tries, 10), latestAgain))
	p.tries++
	if p.kept.Failure = host.OneLine(err.Error()); p.kept.Failing.IsZero() {
		p.kept.Failing = time.Now().UTC().Truncate(time.Second)
	}
	if p.said == "" {
		p.log.Warn("it cannot be told, and is tried again", "way", p.kept.Way, "condition", msg.Condition.Key(), "error", p.kept.Failure)
	}
	p.said = p.kept.Failure
}

// known is what is worth keeping of the receiver.
func (p *post) known() kept {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := p.kept
	k.Known = k.Known.Kept()
	return k
}
