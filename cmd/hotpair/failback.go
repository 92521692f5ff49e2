package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/takeover"
)

func (a *app) failback() *cobra.Command {
	var approved bool
	c := &cobra.Command{
		Use:   "failback",
		Short: "Have this standby give its master back its place, by hand",
		Long:  "failback has the daemon of this standby ask the master to serve, wait until the calls\nand registrations here have ended, for failover.failback.drain at most, and stop its\nservices. It waits for neither failover.failback.after nor the window.",
		Example: `  hotpair failback
  hotpair failback --auto-approve`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runFailback(c.Context(), approved) },
	}
	approveFlag(c, &approved)
	return c
}

func (a *app) runFailback(ctx context.Context, approved bool) error {
	o, err := a.orders()
	if err != nil {
		return err
	}
	if err := o.onStandby("failback"); err != nil {
		return err
	}
	s := o.standing
	switch {
	case !s.Serve:
		o.say(s)
		return nil
	case s.Peer != failover.PeerHealthy && s.Peer != failover.PeerBusy && s.Peer != failover.PeerStoodDown:
		return fmt.Errorf("the master is %s, so it cannot serve: %s", s.Peer, s.Reason)
	}
	if !a.json {
		fmt.Fprintf(a.out, "%s\nThe services of this node are stopped once its calls have ended, after %s at most.\n", s.Reason, o.cfg.Failover.Failback.Drain)
	}
	if !approved {
		if err := a.ask(ctx, "Give back?", "use --auto-approve"); err != nil {
			return err
		}
	}
	if err := o.give(ctx, takeover.Order{Order: failover.OrderFailback}); err != nil {
		return err
	}
	return o.follow(ctx, false)
}
