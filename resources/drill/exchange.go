package drill

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/resources/sip"
)

// errSilent is the fate of a request that nobody answers.
var errSilent = errors.New("no answer")

// ask sends a request until its final answer comes, or the time is up (RFC 3261
// §17.1.2.2, Timers E and F). Whatever else comes is passed over.
func (l *line) ask(ctx context.Context, t sip.Transaction, request []byte, o Options) (sip.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, o.TimerF)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = l.SetReadDeadline(time.Unix(1, 0)) }) // a closed one needs none
	defer stop()
	for wait := o.timerT1(); ; wait = min(2*wait, o.timerT2()) {
		if err := l.send(request); err != nil {
			return sip.Response{}, err
		}
		r, err := l.hear(ctx, t, wait)
		switch {
		case ctx.Err() != nil && err != nil:
			return sip.Response{}, errSilent
		case err == nil || away(err):
			return r, err
		}
	}
}

// send sends a request. A write may tell of what became of the one before, and
// then sends nothing: so it is repeated once.
func (l *line) send(request []byte) error {
	if _, err := l.Write(request); err == nil {
		return nil
	}
	_, err := l.Write(request)
	return err
}

// hear waits for the final answer to a request.
func (l *line) hear(ctx context.Context, t sip.Transaction, wait time.Duration) (sip.Response, error) {
	if err := l.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return sip.Response{}, err
	}
	buffer := make([]byte, sip.Most+1)
	for ctx.Err() == nil {
		n, err := l.Read(buffer)
		if err != nil {
			return sip.Response{}, err
		}
		if r, err := sip.Parse(buffer[:n]); err == nil && t.Answered(r) && r.Status >= 200 {
			return r, nil
		}
	}
	return sip.Response{}, ctx.Err()
}

// away tells whether an error is not that of a wait that was too short: nobody
// listens there, or this node cannot ask.
func away(err error) bool {
	return err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, syscall.EINTR)
}
