package doctor

import (
	"context"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
)

// phoneKinds are those that the provisioning daemon is asked for.
func phoneKinds() []string { return []string{"registrar", "autoprov", "device"} }

// asDeclared looks at everything but the phones, which have a check of their own.
func asDeclared(ctx context.Context, l *look) verdict {
	p, err := l.here.get(ctx, l.run)
	if err == nil {
		err = p.Err()
	}
	if err != nil {
		return unknown(err)
	}
	var differ []string
	for _, s := range p.Steps {
		differ = append(differ, s.ID.String())
	}
	if len(differ) > 0 {
		return toMend("read `hotpair plan`, then `hotpair apply`", "not as ha.hcl says: %s", strings.Join(differ, ", "))
	}
	for _, a := range p.Actions {
		switch {
		case !a.Owed || !slices.Contains([]reconcile.Standing{reconcile.Waiting, reconcile.Due}, a.Standing):
		case a.Consent == "":
			return toMend("`hotpair apply`", "%s is owed", a.Name)
		case a.Consent != resources.Resync:
			return toMend("`hotpair apply --allow "+a.Consent+"`", "%s is owed: %s", a.Name, a.Effect)
		}
	}
	return well("%d things are as ha.hcl says", p.Looked)
}

// of is a kind of thing, and what is to be said where no note speaks of it.
type of struct{ kind, fine string }

// noted makes a finding of the notes of a plan that have one of the codes. What
// could not be looked at has none.
func (l *look) noted(ctx context.Context, what of, codes ...string) verdict {
	p, err := l.here.get(ctx, l.run)
	if err != nil {
		return unknown(err)
	}
	var says, mends []string
	for _, note := range p.Notes {
		if slices.Contains(codes, note.Code) {
			says, mends = append(says, strings.TrimSuffix(note.Text, ".")), append(mends, note.Mend)
		}
	}
	for _, u := range p.Unseen {
		if u.ID.Kind == what.kind && len(says) == 0 {
			return unknown(u.Err)
		}
	}
	slices.Sort(mends)
	return either(says, strings.Join(slices.Compact(mends), ", and "), "%s", what.fine)
}

func services(ctx context.Context, l *look) verdict {
	if l.Config.Platform.Telephony.Manage == "" {
		return skipped("nothing starts and stops the services on this platform: they run on both nodes")
	}
	return l.noted(ctx, of{"services", "the services are as this node's role wants them"}, "services_stopped", "services_running")
}

func stockCron(ctx context.Context, l *look) verdict {
	if l.Config.Platform.Stock.MasterFile == "" {
		return skipped("this platform has no stock jobs")
	}
	if l.Config.Replication.Runner == "stock" {
		return l.noted(ctx, of{fine: "the stock jobs run, as replication.runner says"}, "dead_command", "unclear", "paused")
	}
	stock, err := resources.StockJobsInCron(l.Config, l.Node.Host)
	switch {
	case err != nil:
		return unknown(err)
	case len(stock) > 0 && l.handing():
		return toMend(startDaemon, "still in cron, until hotpair's daemon takes over: %s", strings.Join(stock, "; "))
	case len(stock) > 0:
		return toMend("`hotpair apply`; should they come back, take them out of what writes them (an upgrade, Ansible, PUT /ha)", "in cron beside hotpair's daemon: %s", strings.Join(stock, "; "))
	}
	return l.noted(ctx, of{fine: "no stock job is in cron"}, "unclear", "handover")
}

// handing tells whether the stock jobs stand in for a daemon that cannot run yet.
func (l *look) handing() bool {
	return !l.Node.Watched || l.isMaster() && l.Config.Peer.SSH.HostKey == ""
}

func handSet(ctx context.Context, l *look) verdict {
	if len(l.Fought) > 0 {
		return toMend("find what changes it back, such as a cron job or Ansible, and take it out there; `systemctl restart hotpair` has it healed again",
			"somebody else keeps changing this, and hotpair has left it to him: %s", strings.Join(l.Fought, ", "))
	}
	return l.noted(ctx, of{"sip_expiry", "nothing overrides what hotpair sets"}, "expiry_override")
}

func trustLines(ctx context.Context, l *look) verdict {
	if l.Config.Platform.PostgreSQL.Directory == "" {
		return skipped("this platform has no database of its own")
	}
	return l.noted(ctx, of{"postgres_access", "none is left over"}, "left_over", "trusted_network")
}

func trunkExpiry(ctx context.Context, l *look) verdict {
	if resources.TelephonyDatabase(l.Config, l.Node.Host) == nil {
		return skipped("no telephony database is looked at on this node")
	}
	return l.noted(ctx, of{"sip_expiry", "no trunk registers for longer than sip_expiry.max"}, "trunk_expiry")
}
