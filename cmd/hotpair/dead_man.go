package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/alert"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
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
// calls where the master's host answers a ping. A receiver of alerts that does not
// answer holds the check up not at all.
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
	told := make(chan error, 1)
	go func() { told <- a.tellDeath(ctx, cfg, h, death{news: news, serves: serves, why: why}) }()
	if !serves {
		err = resources.CheckMaster(ctx, cfg, h)
	}
	return errors.Join(err, <-told)
}

// death is that of the daemon, while this node serves or does not.
type death struct {
	news, serves bool
	why          string // it serves
}

// tellDeath has everybody told who is told of alerts. What it logs cron mails, so
// it logs only where nobody could be told, and once.
func (a *app) tellDeath(ctx context.Context, cfg *schema.Config, h *host.Host, d death) error {
	text := "the stock master check runs instead"
	if d.serves {
		text = "this node serves since it took over, so it goes on serving, and nobody watches the master. It took over since: " + d.why
	}
	n := node{cfg: cfg}
	desk := alert.New(alert.Options{Host: h, Log: slog.New(slog.DiscardHandler)})
	desk.Use(resources.Receivers(cfg, h))
	known, err := desk.Once(ctx, alert.Death(text), alert.Node{Name: hostname(), Role: cfg.Node.Written, Peer: n.peer()})
	if d.news && !known {
		a.log.Error("hotpair watch is dead; see `journalctl -u hotpair`", "so", text)
	}
	return err
}
