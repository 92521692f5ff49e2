package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/takeover"
)

func (a *app) failover() *cobra.Command {
	var approved bool
	c := &cobra.Command{
		Use:   "failover",
		Short: "Have this standby take over from its master, by hand",
		Long:  "failover has the daemon of this standby ask the master's to hand over, and take over\nwhen it has, or when it does not answer for a minute; a master that is not reached is\nnot waited for. Calls at the master end. The place is not given back by itself then:\n`hotpair failback` does.",
		Example: `  hotpair failover
  hotpair failover --auto-approve`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runFailover(c.Context(), approved) },
	}
	approveFlag(c, &approved)
	return c
}

func (a *app) runFailover(ctx context.Context, approved bool) error {
	o, err := a.orders()
	if err != nil {
		return err
	}
	if err := o.onStandby("failover"); err != nil {
		return err
	}
	if o.standing.Serve {
		o.say(o.standing)
		return nil
	}
	if !a.json {
		fmt.Fprintf(a.out, "%s\n%s\n", o.standing.Reason, handingOver(o.standing))
	}
	if !approved {
		if err := a.ask(ctx, "Take over?", "use --auto-approve"); err != nil {
			return err
		}
	}
	if err := o.give(ctx, takeover.Order{Order: failover.OrderFailover}); err != nil {
		return err
	}
	return o.follow(ctx, true)
}

// handingOver says what becomes of the master.
func handingOver(s takeover.Standing) string {
	switch {
	case s.Peer == failover.PeerUnreachable:
		return "The services of this node are started."
	case !s.Reported && s.Ever && (s.Peer == failover.PeerHealthy || s.Peer == failover.PeerBusy):
		return "The master's hotpair is not heard now: it is waited for, to hand over, for a minute at most. Then the services of this node are started, and if it was not heard by then, both nodes serve, with a DHCP server each."
	case !s.Reported:
		return "The services of this node are started. The master's hotpair is not heard, so that it cannot be asked to hand over: unless its services are stopped there, both nodes serve, with a DHCP server each."
	}
	return "The master is asked to hand over, and its calls end. Then the services of this node are started."
}
