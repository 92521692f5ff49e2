package takeover

import (
	"context"
	"sync"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

const starting = "starting the services"

// conductor starts and stops the services, one after the other and beside the
// loop, which goes on looking meanwhile.
type conductor struct {
	options Options
	group   sync.WaitGroup

	mu      sync.Mutex
	doing   string             // "": nothing
	enough  context.CancelFunc // ends the wait for answers
	failure string             // of the last start or stop
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
// under way. To stop them does not wait for the answers of a start.
func (c *conductor) begin(ctx context.Context, serve bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doing != "" {
		if c.doing == starting && !serve {
			c.enough()
		}
		return false
	}
	waiting, enough := context.WithCancel(ctx)
	verb, do := "stopping the services", func() error { return c.stop(ctx) }
	if serve {
		verb, do = starting, func() error { return c.start(ctx, waiting) }
	}
	c.doing, c.failure, c.enough = verb, "", enough
	c.group.Go(func() {
		defer enough()
		began := time.Now()
		c.end(verb, began, do(), ctx.Err() != nil)
	})
	return true
}

// end tells how a start or stop ended, or that the daemon's end cut it.
func (c *conductor) end(verb string, began time.Time, err error, cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doing, c.ended, c.cut = "", time.Now(), cut
	log := c.options.Log.With("took", c.ended.Sub(began).Round(time.Millisecond))
	switch {
	case cut:
		log.Info("cut short by the end of the daemon: " + verb)
	case err != nil:
		c.failure = host.OneLine(err.Error())
		log.Error("failed: "+verb, "error", err)
	default:
		log.Info("done: " + verb)
	}
}

// start starts the services, and waits for their answers until the second context
// ends.
func (c *conductor) start(ctx, waiting context.Context) error {
	o := c.options
	c.hook(ctx, "before_takeover", o.Hooks.BeforeTakeover)
	began := time.Now()
	if err := c.manage(ctx, "start"); err != nil {
		return err
	}
	err := c.answers(waiting)
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
