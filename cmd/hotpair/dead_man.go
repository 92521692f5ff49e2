package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
)

func (a *app) deadMan() *cobra.Command {
	return &cobra.Command{
		Use:    "dead-man",
		Short:  "Run the stock master check while `hotpair watch` is dead; cron runs it",
		Hidden: true,
		Args:   noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			return a.runDeadMan(c.Context())
		},
	}
}

// runDeadMan looks whether the daemon lives. What it does otherwise is what cron
// did before hotpair, unless this node serves: the stock check would end its
// calls where the master's host answers a ping. Cron mails what it says, so it says
// it once.
func (a *app) runDeadMan(ctx context.Context) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	holder, err := h.Held(status.WatchLock)
	if err != nil {
		return err
	}
	dead, news, err := takeover.Dead(h, holder != nil, time.Now())
	if err != nil || !dead {
		return err
	}
	defer a.recorded(h)()
	cfg, err := a.usable(h)
	if err != nil {
		return err
	}
	serves, why := takeover.Keeps(h)
	switch {
	case news && serves:
		a.log.Error("hotpair watch is dead, and this node serves since it took over: it goes on serving, and nobody watches the master; see `journalctl -u hotpair`", "why", why)
	case news:
		a.log.Error("hotpair watch is dead: the stock master check runs instead; see `journalctl -u hotpair`")
	}
	if serves {
		return nil
	}
	return resources.CheckMaster(ctx, cfg, h)
}
