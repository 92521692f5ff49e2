package main

import (
	"context"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/upgrade"
	"github.com/hotpair/hotpair/schema"
)

// guiding is one look at an upgrade that is under way, or is to begin.
type guiding struct {
	*ordered
	options           replicate.Options
	steps             []upgrade.Step
	confirm, approved bool
}

func (a *app) upgradeGuide() *cobra.Command {
	g := &guiding{}
	var abandon bool
	c := &cobra.Command{
		Use:   "upgrade-guide",
		Short: "Lead through the upgrade of a pair, and check each step",
		Long: "upgrade-guide shows the order in which a pair is upgraded, and where you are in it: pause,\nthe standby, the master, replicate, verify, resume. Each step is left behind once its\ncheck holds. Leave it and call it again at will: it is kept on the master, from the pause\n" +
			"on. It upgrades nothing itself; with --auto-approve it pauses, replicates, verifies and\nresumes. On the standby it tells what is seen from there.",
		Example: `  hotpair upgrade-guide
  hotpair upgrade-guide --auto-approve   # does what hotpair can, up to what you must
  hotpair upgrade-guide --confirm        # this node was upgraded, though its release is the same
  hotpair upgrade-guide --abandon`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			if abandon && g.confirm {
				return usage(c, "--abandon and --confirm exclude each other")
			}
			if g.ordered, _, err = a.decided(); err != nil {
				return err
			}
			defer g.host.Close()
			switch {
			case g.cfg.Node.Role == schema.Slave:
				return g.onStandbySeen(c.Context())
			case abandon:
				return g.abandon(c.Context())
			}
			return g.run(c)
		},
	}
	c.Flags().BoolVar(&g.approved, "auto-approve", false, "carry out what hotpair can: pause, replicate, verify, resume")
	c.Flags().BoolVar(&g.confirm, "confirm", false, "the node of the present step was upgraded, though no other release is seen")
	c.Flags().BoolVar(&abandon, "abandon", false, "forget the upgrade that is under way; with --auto-approve end the pause too")
	return c
}

func (g *guiding) run(c *cobra.Command) (err error) {
	if g.options, err = resources.Replication(g.cfg, g.host, g.addresses); err != nil {
		return err
	}
	g.steps = upgrade.Steps(resources.UpgradeCommand(g.cfg))
	state, err := upgrade.Recall(g.host)
	if err != nil {
		return err
	}
	if present := state.Present(g.steps); g.confirm && (present == nil || present.Ours) {
		return usage(c, "--confirm is for the upgrade of a node: the present step is another one, and hotpair looks by itself")
	}
	return g.advance(c.Context(), state)
}

// advance goes on as far as the checks hold, and as hotpair may do itself what is
// next.
func (g *guiding) advance(ctx context.Context, state upgrade.State) error {
	for last := ""; ; {
		sight, err := g.look(ctx, state)
		if err != nil {
			return err
		}
		next, places := upgrade.Advance(state, g.steps, sight)
		state, g.confirm = next, false
		if err := state.Settle(g.host, places); err != nil {
			return err
		}
		present := upgrade.Present(places)
		if present == nil || !g.approved || !present.Ours || present.Name == last {
			g.show(state, places)
			return nil
		}
		last = present.Name
		if err := g.perform(ctx, last); err != nil {
			return err
		}
	}
}

// look sees how the pair stands.
func (g *guiding) look(ctx context.Context, at upgrade.State) (upgrade.Sight, error) {
	s := upgrade.Sight{Confirmed: g.confirm}
	if standing, told := g.app.stands(g.host); told {
		s.Daemon = &standing
	}
	var err error
	if s.Serves, err = resources.TelephonyRuns(ctx, g.cfg, g.host); err != nil {
		return s, err
	}
	if s.StockJob, err = resources.StockReplicates(g.cfg, g.host); err != nil {
		return s, err
	}
	return s, s.Look(ctx, g.options, at)
}

// addresses are this node's.
func (g *guiding) addresses() []netip.Addr { return g.app.options(g.host).Own }
