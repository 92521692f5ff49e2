package simulate

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// power has the nodes follow their power supplies.
func (l *life) power() {
	for _, n := range l.nodes {
		around := &l.world.Nodes[n.name]
		switch {
		case !around.Power:
			n.up, n.services.state = time.Time{}, stopped
			around.restarted()
		case n.up.IsZero():
			n.up = l.now.Add(max(l.pair.Boot, time.Second))
		}
	}
}

// host has a node's hotpair follow its host.
func (l *life) host(n *node) {
	if n.up.Equal(l.now) {
		l.note(n.name.String(), "host is up")
		if n.services.enabled && n.services.turn(l.now, true, l.pair) {
			l.note(n.name.String(), string(starting))
		}
	}
	runs := n.isUp(l.now) && l.world.Nodes[n.name].Hotpair
	if runs && !n.watching {
		n.begin()
	}
	n.watching = runs
}

// serve has a node's services go on.
func (l *life) serve(n *node) {
	if !n.services.pass(l.now) {
		return
	}
	l.note(n.name.String(), string(n.services.state))
	if n.services.state == stopped {
		l.world.Nodes[n.name].restarted()
	}
}

// restarted cures what a restart cures.
func (s *Surroundings) restarted() {
	if s.Asterisk == Hanging {
		s.Asterisk = Well
	}
}

// up tells whether a host is up.
func (l *life) up(n Node) bool {
	return l.world.Nodes[n].Power && l.nodes[n].isUp(l.now)
}

// serving tells whether a node's telephony runs, well or not; what is being
// stopped does until it is.
func (l *life) serving(n Node) bool {
	s := l.nodes[n].services.state
	return l.up(n) && (s == running || s == stopping) && l.world.Nodes[n].Asterisk != Away
}

// sip tells whether a node's SIP server answers whom it hears.
func (l *life) sip(n Node) bool {
	return l.up(n) && l.nodes[n].services.state == running && l.world.Nodes[n].Asterisk == Well
}

// channel tells whether reports travel in this second.
func (l *life) channel() bool {
	if !l.nodes[Master].watching || !l.nodes[Standby].watching || !l.world.linked() {
		l.linked = l.now
		return false
	}
	open := l.now.Sub(l.linked) - l.pair.Reopen
	return open > 0 && l.now.Unix()%reportEvery == 0
}

// answers tells whether what a node asks is answered.
func (l *life) answers(n *node, kind failover.Kind) bool {
	switch {
	case kind == failover.Witness:
		return l.world.Witness && l.world.Nodes[n.name].Network
	case n.name == Master:
		return l.sip(Master)
	case kind == failover.SIP:
		return l.world.linked() && !l.world.Banned && l.sip(Master)
	}
	return l.world.linked() && l.up(Master)
}

// reply is what a phone gets from a node.
func (l *life) reply(n Node) reply {
	switch {
	case !l.up(n) || !l.world.Nodes[n].Network:
		return silence
	case l.sip(n):
		return answer
	case !l.serving(n) && l.pair.Refuses:
		return refusal
	}
	return silence
}

// sight is what a node sees.
func (l *life) sight(n *node) failover.Sight {
	s := failover.Sight{Report: n.report, Self: failover.Self{
		Serving: l.serving(n.name), Booted: n.up, Replicated: midnight.Add(-time.Hour), Registrations: l.at[n.name],
	}}
	for _, p := range n.probers {
		s.Votes = append(s.Votes, p.vote)
	}
	return s
}
