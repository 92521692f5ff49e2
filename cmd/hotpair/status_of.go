package main

import (
	"context"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/alert"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/upgrade"
	"github.com/hotpair/hotpair/schema"
)

// statusOf is how a node stands, with what a plan found.
func (a *app) statusOf(ctx context.Context, n *node, p reconcile.Plan) (status.Status, error) {
	s, err := n.status(p)
	if err != nil {
		return s, err
	}
	if err := a.live(n, &s); err != nil {
		return s, err
	}
	if s.Replication, err = n.standings(ctx, true); err != nil {
		return s, err
	}
	if o := n.outage(ctx, p); o != nil {
		s.Outage, s.Budget = resources.OutageStatus(o), a.outageLines(n.cfg, *o)
	}
	return s, nil
}

// live fills in what moves between two looks, and costs little.
func (a *app) live(n *node, s *status.Status) (err error) {
	s.At = time.Now()
	if s.Running, err = n.host.Held(runLock); err != nil {
		return err
	}
	var unread error
	if s.Alerts, unread = alert.Standings(n.host); unread != nil {
		s.Unseen = append(slices.Clone(s.Unseen), host.OneLine(unread.Error()))
	}
	s.Watch = status.Watched(n.host)
	return a.failoverOf(n, s)
}

// status is what a plan found, and what the node records.
func (n *node) status(p reconcile.Plan) (status.Status, error) {
	recorded, err := resources.Recorded(n.host, n.cfg.Platform)
	if err != nil {
		return status.Status{}, err
	}
	said := string(recorded.Role) + ", as ha.conf records"
	if there, err := n.host.Exists(n.cfg.Platform.State.HAConf); err == nil && !there {
		said = "without ha.conf, so in no pair"
	}
	return status.Status{
		Wanted: n.cfg.Node.Written, Recorded: string(recorded.Role), Said: said, Peer: n.peer(), Platform: n.cfg.Platform.Title,
		Standby: n.cfg.Node.Role == schema.Slave, Look: n.saw(p),
		Found: n.ledger.Found, InOrder: n.ledger.InOrder(),
	}, nil
}

func (n *node) saw(p reconcile.Plan) status.Look {
	l := status.Look{Differences: len(p.Steps), Drifted: len(drifted(p)), Pending: status.PendingOf(p.Steps), Actions: p.Actions}
	for _, u := range p.Unseen {
		if !u.Later() {
			l.Unseen = append(l.Unseen, u.Err.Error())
		}
	}
	for _, note := range notes(n, p) {
		l.Notes = append(l.Notes, note.Text)
	}
	upgrading, err := upgrade.Recall(n.host)
	if err != nil {
		l.Unseen = append(l.Unseen, err.Error())
	}
	if note := upgrading.Note(); note != "" {
		l.Notes = append(l.Notes, note)
	}
	return l
}

// failoverOf tells how the failover stands, or who else watches the master.
func (a *app) failoverOf(n *node, s *status.Status) error {
	if !resources.Decides(n.cfg) {
		return nil
	}
	s.Failover, s.Undecided = nil, ""
	if now, told := a.stands(n.host); told {
		s.Failover = &now
		return nil
	}
	guarded, err := resources.GuardedByCron(n.host)
	switch {
	case err != nil:
		return err
	case n.cfg.Node.Role != schema.Slave:
		s.Undecided = "the standby's hotpair does not hear this master's: `hotpair watch` does not run"
	case guarded:
		s.Undecided = "by the stock master check, which hotpair's line in cron runs while `hotpair watch` does not"
	default:
		s.Undecided = "by the stock master check, if cron runs it, until `hotpair watch` runs"
	}
	return nil
}
