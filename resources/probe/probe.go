package probe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// An Asker asks its target one question, which ends soon after the context does.
//
// Its answer is Alive, Busy, or Silent with an error that says why. An error
// that is ErrNotAsked says nothing of the target. One that is an io.Closer too
// is closed when nothing more is asked.
type Asker interface {
	Ask(ctx context.Context) (failover.Answer, error)
}

// A Probe asks one target again and again.
type Probe struct {
	Name string // "sip udp", "witness 10.0.0.254"; for people, and no other probe's
	Kind failover.Kind
	Pace
	Asker
}

// A Pace is how often a probe asks, and how many answers in a row it believes.
type Pace struct {
	Interval time.Duration // from question to question
	Timeout  time.Duration // for one answer
	Fall     int           // this many failures in a row make it Silent
	Rise     int           // this many answers in a row make it Alive again
}

// HostPace is for witnesses, which ha.hcl gives no pace: silence is known within 6
// seconds.
func HostPace() Pace { return Pace{time.Second, time.Second, 3, 2} }

// userAgent is what hotpair calls itself.
const userAgent = "hotpair"

// ErrNotAsked is the error of a question that did not leave this node.
var ErrNotAsked = errors.New("it could not be asked")

// checker is an Asker that knows whether it can ask at all.
type checker interface{ check() error }

// check refuses what can never be asked.
func (p Probe) check() error {
	err := p.Pace.check()
	if p.Name == "" {
		err = errors.New("it has no name")
	}
	if c, ok := p.Asker.(checker); ok && err == nil {
		err = c.check()
	}
	if p.Asker == nil {
		err = errors.New("it asks nobody")
	}
	if err != nil {
		return fmt.Errorf("probe %q: %w", p.Name, err)
	}
	return nil
}

// shortest is the least interval and timeout.
const shortest = 100 * time.Millisecond

func (p Pace) check() error {
	switch {
	case p.Interval < shortest || p.Timeout < shortest:
		return fmt.Errorf("interval and timeout must be at least %s", shortest)
	case p.Fall < 1 || p.Rise < 1:
		return errors.New("fall and rise must be at least 1")
	}
	return nil
}
