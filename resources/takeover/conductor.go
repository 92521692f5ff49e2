package takeover

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

const (
	tries       = 3
	tryAgain    = 5 * time.Second
	answerLimit = 2 * time.Minute // for the services, once they were started
	askEvery    = time.Second
	askLimit    = 2 * time.Second
)

// conductor starts and stops the services, one after the other and beside the
// loop, which goes on looking meanwhile.
type conductor struct {
	options Options
	group   sync.WaitGroup

	mu      sync.Mutex
	doing   string // "": nothing
	failure string // of the last start or stop
	ended   time.Time
	cut     bool // the last one was not finished, since the daemon ended
}

// stands tells what is under way, how the last time ended, and when.
func (c *conductor) stands() (doing, failure string, ended time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.doing, c.failure, c.ended
}

// interrupted tells whether the last start or stop was not finished.
func (c *conductor) interrupted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut
}

// begin starts or stops the services in the background, unless something is
// under way.
func (c *conductor) begin(ctx context.Context, serve bool) bool {
	verb, do := "stopping the services", c.stop
	if serve {
		verb, do = "starting the services", c.start
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doing != "" {
		return false
	}
	c.doing, c.failure = verb, ""
	c.group.Go(func() {
		err := do(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.doing, c.ended, c.cut = "", time.Now(), ctx.Err() != nil
		if err != nil && !c.cut {
			c.failure = host.OneLine(err.Error())
			c.options.Log.Error("failed: "+verb, "error", err)
		}
	})
	return true
}

func (c *conductor) start(ctx context.Context) error {
	o := c.options
	c.hook(ctx, "before_takeover", o.Hooks.BeforeTakeover)
	began := time.Now()
	if err := c.manage(ctx, "start"); err != nil {
		return err
	}
	err := c.answers(ctx)
	if took := time.Since(began); err == nil && o.Services.Manage != "" && o.Answers != nil && o.Started != nil {
		o.Log.Info("the services answer", "after", took.Round(time.Second))
		if err := o.Started(took); err != nil {
			o.Log.Warn("how long the services took is not kept", "error", err)
		}
	}
	c.hook(ctx, "after_takeover", o.Hooks.AfterTakeover)
	return err
}

func (c *conductor) stop(ctx context.Context) error {
	c.hook(ctx, "before_failback", c.options.Hooks.BeforeFailback)
	if err := c.manage(ctx, "stop"); err != nil {
		return err
	}
	c.hook(ctx, "after_failback", c.options.Hooks.AfterFailback)
	return nil
}

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
			return ctx.Err()
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
