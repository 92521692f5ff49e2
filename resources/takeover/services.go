package takeover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

const (
	tries       = 3
	tryAgain    = 5 * time.Second
	answerLimit = 2 * time.Minute // for the services, once they were started
	askEvery    = time.Second
	askLimit    = 2 * time.Second
)

// errNotWaited is the fate of a start that is to be undone.
var errNotWaited = errors.New("SIP did not answer yet on this node when nobody waited for it any more")

// manage runs the platform's own script, and again where it fails.
func (c *conductor) manage(ctx context.Context, verb string) (err error) {
	s := c.options.Services
	if s.Manage == "" || s.Serving() == (verb == "start") {
		return nil
	}
	for try := range tries {
		if try > 0 && !pause(ctx, tryAgain) {
			return ctx.Err()
		}
		c.options.Log.Info("running", "command", s.Manage+" "+verb)
		if err = c.options.Host.Run(context.WithoutCancel(ctx), s.Manage, verb); err == nil {
			return nil
		}
		c.options.Log.Warn("it failed", "error", err)
	}
	return fmt.Errorf("%w (tried %d times)", err, tries)
}

// answers waits until this node's own telephony answers.
func (c *conductor) answers(ctx context.Context) error {
	if c.options.Answers == nil {
		return nil
	}
	for deadline := time.Now().Add(answerLimit); time.Now().Before(deadline); {
		asking, cancel := context.WithTimeout(ctx, askLimit)
		answer, _ := c.options.Answers.Ask(asking)
		cancel()
		if answer == failover.Alive || answer == failover.Busy {
			return nil
		}
		if !pause(ctx, askEvery) {
			return errNotWaited
		}
	}
	return fmt.Errorf("the services were started, and SIP does not answer on this node after %s: see `asterisk -rvvv` and the log of its unit", answerLimit)
}

// hook runs a program of the operator's. What it fails at is told, and holds
// nothing up.
func (c *conductor) hook(ctx context.Context, name string, command []string) {
	if len(command) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.Hooks.Timeout)
	defer cancel()
	if err := c.options.Host.Run(ctx, command[0], command[1:]...); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("it did not end within %s, and was ended", c.options.Hooks.Timeout)
		}
		c.options.Log.Warn("a hook failed; what it was run for goes on", "hook", name, "error", err)
		return
	}
	c.options.Log.Info("ran a hook", "hook", name)
}

// pause waits; false: the context ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
