package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/takeover"
)

const startDaemon = "`systemctl enable --now hotpair`, and see `journalctl -u hotpair`"

func daemon(_ context.Context, l *look) verdict {
	switch {
	case l.Node.Watched:
		return well("`hotpair watch` runs")
	case !resources.Decides(l.Config):
		return skipped("replication.runner is %q, so that hotpair's daemon decides nothing", l.Config.Replication.Runner)
	}
	return toMend(startDaemon, "`hotpair watch` does not run on this node")
}

// standing is how the failover stands, or why that is not told.
func (l *look) standing() (*takeover.Standing, verdict) {
	switch {
	case l.Standing != nil:
		return l.Standing, verdict{}
	case !resources.Decides(l.Config):
		return nil, skipped("replication.runner is %q, so that hotpair's daemon decides nothing", l.Config.Replication.Runner)
	}
	return nil, skipped("told by the daemon, which does not run")
}

// readiness is one of the things that a takeover of this standby needs.
func (l *look) readiness(name string) verdict {
	list := resources.ReadyHere(l.Config, l.Node.Host, l.Standing)
	at := slices.IndexFunc(list, func(c resources.Check) bool { return c.Name == name })
	switch {
	case at < 0:
		return skipped("told by the daemon, which does not run")
	case list[at].Mend != "":
		return toMend(list[at].Mend, "%s", list[at].Says)
	}
	return well("%s", list[at].Says)
}

func failovers(_ context.Context, l *look) verdict {
	s, why := l.standing()
	switch {
	case s == nil:
		return why
	case s.Failure != "":
		return toMend("see `hotpair status`, and the program that is named", "the last start or stop of the services failed: %s", s.Failure)
	case !l.isMaster():
		return l.readiness("failover")
	case s.Trouble != failover.NoTrouble:
		return toMend("see `hotpair status` on both nodes", "%s: %s", s.Trouble, s.Reason)
	case !s.Paused.IsZero():
		return toMend("end it with `hotpair maintenance --end`", "maintenance goes on until %s", s.Paused.Local().Format("2006-01-02 15:04"))
	}
	return well("%s", s.Reason)
}

func reports(_ context.Context, l *look) verdict {
	s, why := l.standing()
	switch {
	case s == nil:
		return why
	case !l.isMaster():
		return l.readiness("reports")
	case s.Reported:
		return well("the standby's hotpair is heard")
	}
	return toMend("run `hotpair watch` on the standby, and `hotpair init` here if the channel was never set up", "the standby's hotpair is not heard")
}

// votes are those of a kind, and those of them that were never seen alive.
func (l *look) votes(s *takeover.Standing, witnesses bool) (all, never, silent []string, err error) {
	known, err := takeover.Known(l.Node.Host)
	for _, v := range s.Votes {
		if (v.Kind == failover.Witness) != witnesses {
			continue
		}
		name := strings.TrimPrefix(v.Name, "witness ")
		all = append(all, name)
		_, seen := slices.BinarySearch(known, v.Name)
		switch {
		case !seen && v.Answer != failover.Alive:
			never = append(never, name)
		case v.Answer == failover.Silent:
			silent = append(silent, name)
		}
	}
	return all, never, silent, err
}

func witnesses(_ context.Context, l *look) verdict {
	s, why := l.standing()
	if s == nil {
		return why
	}
	all, never, silent, err := l.votes(s, true)
	const mend = "name an address that answers pings in ha.hcl: failover { witnesses = [\"…\"] }"
	switch {
	case err != nil:
		return unknown(err)
	case len(all) == 0:
		return toMend(mend, "there is no witness, so that a master that is gone is replaced after failover.degraded only")
	case len(never) > 0:
		return toMend(mend, "never seen alive, so without a vote: %s", strings.Join(never, ", "))
	case len(silent) == len(all):
		return toMend("see this node's network", "none answers now (%s), so that this node takes itself for cut off", strings.Join(all, ", "))
	}
	return well("seen alive: %s", strings.Join(all, ", "))
}

func probes(_ context.Context, l *look) verdict {
	s, why := l.standing()
	if s == nil {
		return why
	}
	all, never, _, err := l.votes(s, false)
	whose := "the master"
	if l.isMaster() {
		whose = "this node's Asterisk"
	}
	switch {
	case err != nil:
		return unknown(err)
	case len(all) == 0:
		return toMend("switch one on in ha.hcl: failover { ping { enabled = true } }", "nothing is asked for")
	case len(never) > 0:
		return toMend(fmt.Sprintf("see that %s answers it and that no firewall is between, or switch it off in ha.hcl: failover { … }", whose),
			"never seen alive, so without a vote: %s", strings.Join(never, ", "))
	}
	return well("each was seen alive: %s", strings.Join(all, ", "))
}
