package main

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// decider tells who decides who serves, and why so.
func (w *whys) decider() error {
	switch {
	case w.cfg.Node.Role == schema.Disabled:
		w.add("Failover", "This node is in no pair, so nothing is taken over and nothing replicated.")
		return nil
	case !resources.Decides(w.cfg):
		w.add("Failover", fmt.Sprintf("%s says that the stock scripts run, so the stock master check decides who serves, and hotpair only looks on. Leave replication.runner out to have hotpair decide.", w.cfg.Origin("replication.runner")))
		return nil
	}
	s, told := w.app.stands(w.host)
	if !told {
		return w.undecided()
	}
	w.standing = &s
	account, err := takeover.Account(w.host, resources.Failover(w.cfg, w.host), s)
	if err != nil {
		return err
	}
	_, why := takeover.Keeps(w.host)
	w.account = &account
	w.add(standsAs(s), w.since(s, why), failoverLine(s))
	w.add("To act", append(w.due(s), account.Would...)...)
	return nil
}

// standsAs names what a node does.
func standsAs(s takeover.Standing) string {
	if s.Serve {
		return "Serves"
	}
	return "Stands by"
}

// since says when that was decided, and why.
func (w *whys) since(s takeover.Standing, why string) string {
	if why == "" || s.Since.IsZero() {
		return ""
	}
	text := fmt.Sprintf("Since %s: %s", clock(s.Since), strings.TrimSuffix(why, ".")+".")
	switch {
	case s.Doing != "" || s.Serve == s.Serving:
	case s.Serve:
		text += " All the same its telephony does not run."
	default:
		text += " All the same its telephony runs."
	}
	return text
}

// due says how long is left.
func (w *whys) due(s takeover.Standing) []string {
	if left := s.Due.Sub(w.now); left > 0 {
		return []string{fmt.Sprintf("%s are left until %s.", spelled(left), s.Due.Local().Format("15:04:05"))}
	}
	return nil
}

// undecided tells who decides while no daemon does.
func (w *whys) undecided() error {
	var s status.Status
	if err := w.app.failoverOf(&node{host: w.host, cfg: w.cfg}, &s); err != nil {
		return err
	}
	runs := "`hotpair watch` does not run on this node."
	switch {
	case w.watch != nil && w.watch.Mode == observe:
		runs = fmt.Sprintf("`hotpair watch` only looks on: watch.mode is observe (%s).", w.cfg.Origin("watch.mode"))
	case w.watch != nil:
		runs = "`hotpair watch` runs, but does not decide who serves: " + w.watch.Line() + "."
	}
	decided := "Who serves is decided " + s.Undecided + "."
	if w.cfg.Node.Role == schema.Master {
		decided = "It serves, and its standby decides by what it sees of it."
	}
	w.add("Failover", runs+" "+decided)
	if keeps, why := takeover.Keeps(w.host); keeps && w.cfg.Node.Role == schema.Slave {
		w.add("Serves", "It took over when the daemon ran last: "+why, "It goes on serving until the daemon runs again and gives the place back.")
	}
	if w.watch == nil {
		w.add("To act", "Start the daemon with `systemctl start hotpair`, and see `journalctl -u hotpair` for why it ended.")
	}
	return nil
}
