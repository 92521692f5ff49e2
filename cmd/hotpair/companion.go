package main

import (
	"context"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources/companion"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/units"
)

func (a *app) companion() *cobra.Command {
	f := accompanying{interval: patience(usualInterval), rise: usualRise}
	c := &cobra.Command{
		Use:   "companion",
		Short: "Run units of this machine only while a linked node is active; a daemon",
		Long: "companion is for a machine that is no node of the pair, such as the one with the web\nserver of XiVO CC. It asks the linked node whether it is active, as `hotpair watch` tells\nwhere ha.hcl has an endpoint, or XiVO itself, and starts and stops systemd units of this\nmachine. A node that does not answer stops nothing: this machine may be cut off itself.\n" +
			"The units must not be enabled, or systemd starts them with the machine. SIGTERM ends\ncompanion, and leaves them as they are.",
		Example: `  hotpair companion --node https://xivo.example.org --ca /etc/ssl/xivo.pem --unit nginx.service
  hotpair companion --node http://10.0.0.1:9180/v1/ha --unit nginx.service --wait http://127.0.0.1:8090/`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("log-level") {
				a.logLevel = "info"
			}
			if err := a.setUp(); err != nil {
				return err
			}
			if err := f.check(c); err != nil {
				return err
			}
			return a.runCompanion(c.Context(), f)
		},
	}
	f.flags(c.Flags())
	return c
}

func (a *app) runCompanion(ctx context.Context, f accompanying) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	set := units.Set{Host: h, Names: f.units}
	if err := set.Preflight(); err != nil {
		return err
	}
	trust, err := f.trust()
	if err != nil {
		return err
	}
	for _, unit := range f.units {
		life, err := holdUnit(ctx, h, unit)
		if err != nil {
			return err
		}
		defer life.Release()
	}
	for _, address := range f.plain() {
		a.log.Warn("whoever is on the way can answer for the node: use https, or a network of your own", "url", address)
	}
	linger()
	a.log.Info("following", "nodes", f.nodes, "units", f.units)
	companion.Run(ctx, companion.Options{
		Nodes: f.nodes, Gate: f.wait, TLS: trust, Interval: time.Duration(f.interval), Units: set, Log: a.log, Round: tellRound(),
		Policy: companion.Policy{Rise: int(f.rise), Unanswered: time.Duration(f.unanswered)},
	})
	notify(daemon.SdNotifyStopping)
	a.log.Info("ended; the units stay as they are", "units", f.units)
	return nil
}

// tellRound tells systemd what a round brought, and with each that the daemon
// lives.
func tellRound() func(reason string) {
	said := ""
	return func(reason string) {
		if said == "" {
			notify(daemon.SdNotifyReady)
		}
		if reason != said {
			notify("STATUS=" + reason)
		}
		said = reason
		notify(daemon.SdNotifyWatchdog)
	}
}
