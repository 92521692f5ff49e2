package resources

import (
	"context"
	"os"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

const (
	reloadPostgreSQL  = "reload postgresql"
	restartPostgreSQL = "restart postgresql"

	systemctl = "/usr/bin/systemctl"
)

func postgresFollowUps(cfg *schema.Config, env Env) []reconcile.FollowUp {
	unit := cfg.Platform.PostgreSQL.Unit
	ready := func(context.Context) error { return env.Host.HasCommand(systemctl) }
	do := func(verb string) func(context.Context) error {
		return func(ctx context.Context) error { return env.Host.Run(ctx, systemctl, verb, unit) }
	}
	effect, consent := "cuts the database off for some seconds: calls go on, new ones may fail", Restart
	if passive(cfg, env.Host) {
		effect, consent = "this node carries no calls", ""
	}
	return []reconcile.FollowUp{
		{Name: reloadPostgreSQL, Effect: "calls go on", Rank: 10, Run: do("reload"), Ready: ready},
		{Name: restartPostgreSQL, Effect: effect, Consent: consent, Covers: []string{reloadPostgreSQL}, Rank: 20, Run: do("restart"), Ready: ready},
	}
}

// passive tells whether this node's services are stopped, so that nothing done
// here can disturb a call. In doubt it is not.
func passive(cfg *schema.Config, h *host.Host) bool {
	flag := cfg.Platform.State.Passive
	if flag == "" {
		return false
	}
	stopped, err := h.Exists(flag)
	return err == nil && stopped && !populated(h, cfg.Platform.Telephony.Unit)
}

// populated tells whether processes of a unit run, by its control group
// (cgroups(7)): services may have been started by hand although they are
// disabled. To ask systemctl would cost each request of the peer a process.
func populated(h *host.Host, unit string) bool {
	if unit == "" {
		return false
	}
	for _, file := range []string{"/sys/fs/cgroup/system.slice/" + unit + "/cgroup.procs", "/sys/fs/cgroup/systemd/system.slice/" + unit + "/cgroup.procs"} {
		if text, err := os.ReadFile(h.Host(file)); err == nil && len(text) > 0 {
			return true
		}
	}
	return false
}
