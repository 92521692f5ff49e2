package failover

import (
	"strings"
	"time"
)

// serving decides for a standby that serves.
func (t turn) serving(m Memory) (Memory, Decision) {
	if !t.sight.Self.Serving && t.rebooted(m) {
		switch {
		case t.peer == PeerHealthy:
			m = unasked(m).turn(t.now, false, "it was started anew, and the master is well")
			return m, Decision{Reason: "This node was started anew while it served, and the master is well: it stands by again."}
		case t.since(m.Awake) < t.policy.Unreachable:
			due := m.Awake.Add(t.policy.Unreachable)
			return m, Decision{Wait: true, Due: due, Reason: say("This node was started anew while it served: it looks at the master until %s before it goes on.", clock(due))}
		}
	}
	switch {
	case m.over(t.now):
		m.Order = OrderFailback
	case m.Order != OrderFailback:
		m.Order = NoOrder
	}
	if !t.well(m) {
		m.Well, m.Draining = time.Time{}, time.Time{}
		return unasked(m), t.goesOn(m)
	}
	m.Well = began(m.Well, t.now)
	if m.ByHand && t.alive() && m.Order != OrderFailback && !m.Split && t.paused(m) == "" {
		return t.claim(m)
	}
	if d := t.notYet(m); d.Reason != "" {
		m.Draining = time.Time{}
		return unasked(m), Decision{Trouble: t.trouble(m, d.Trouble), Due: d.Due, Reason: t.back(m) + " " + d.Reason}
	}
	if !t.alive() {
		m = t.ask(m, Return)
		return m, Decision{Trouble: t.trouble(m, NoTrouble), Reason: say("%s Since %s it is asked to serve again; this node serves until it does.", t.back(m), clock(m.Asked))}
	}
	return t.drain(m)
}

// well tells whether the master serves, or could. One that was asked to serve
// again has time to start.
func (t turn) well(m Memory) bool {
	switch t.peer {
	case PeerHealthy, PeerStoodDown:
		return true
	case PeerBusy:
		return !m.Well.IsZero()
	case PeerDegraded:
		return m.Asks == Return && t.since(m.Asked) < t.policy.Degraded+t.policy.Answering
	}
	return false
}

// goesOn says why a serving standby serves on.
func (t turn) goesOn(m Memory) Decision {
	reason := say("This node serves since %s: %s The master is %s since %s: %s", clock(m.Since), sentence(m.Why), t.peer, clock(m.PeerSince), t.why)
	if t.isolated {
		reason += ", and no witness either, so this node is cut off itself"
	}
	return Decision{Reason: reason + "."}
}

// notYet says why a master that is well is not given back its place yet; without a
// reason nothing speaks against it.
func (t turn) notYet(m Memory) Decision {
	f := t.policy.Failback
	switch {
	case m.Order == OrderFailback:
		return Decision{}
	case t.paused(m) != "":
		return Decision{Reason: t.paused(m)}
	case m.ByHand && !m.Until.IsZero():
		return Decision{Due: m.Until, Reason: say("An operator asked for the failover until %s: then it gets back its place by itself, and by `hotpair failback` before.", clock(m.Until))}
	case m.ByHand:
		return Decision{Reason: "An operator asked for the failover: `hotpair failback` gives it back its place."}
	case f.Manual && !m.Split:
		return Decision{Trouble: Waiting, Reason: "failover.failback.mode is manual: `hotpair failback` gives it back its place."}
	case len(m.Takeovers) > f.Takeovers:
		return Decision{Trouble: Waiting, Reason: say("It failed %d times within an hour, so it is not followed: `hotpair failback` gives it back its place.", len(m.Takeovers))}
	case t.since(m.Well) < f.After:
		due := m.Well.Add(f.After)
		return Decision{Due: due, Reason: say("It gets back its place when it has been well until %s.", clock(due))}
	case m.Reported && t.report == nil && !m.Split && m.Draining.IsZero():
		return Decision{Trouble: Waiting, Reason: "Its SIP server answers, but its hotpair does not: it may have come back empty, and this node serves on. See that `hotpair watch` runs there, or give it back its place by `hotpair failback`."}
	case !f.Within.Open(t.now):
		return Decision{Reason: "Its window for that is not open now (failover.failback.window); `hotpair failback` does not wait for it."}
	}
	return Decision{}
}

// claim asks a master to hand over that serves although an operator wants this
// node to.
func (t turn) claim(m Memory) (Memory, Decision) {
	m.Draining = time.Time{}
	d := t.notYet(m)
	if t.since(m.Well) >= t.policy.Answering {
		d.Trouble = SplitBrain
	}
	if t.report == nil {
		d.Reason = say("This node serves since %s. So does the master, since %s; its hotpair is not heard, so that it cannot be asked to hand over: see that `hotpair watch` runs there. %s", clock(m.Since), clock(m.Well), d.Reason)
		return unasked(m), d
	}
	m = t.ask(m, HandOver)
	d.Reason = say("This node serves since %s. So does the master, since %s, which is asked to hand over. %s", clock(m.Since), clock(m.Well), d.Reason)
	return m, d
}

// drain ceases to serve once nobody is served any more, or the limit has passed.
func (t turn) drain(m Memory) (Memory, Decision) {
	m = unasked(m)
	m.Draining = began(m.Draining, t.now)
	due := m.Draining.Add(t.policy.Failback.Drain)
	self := t.sight.Self
	if (self.Calls != 0 || self.Registrations != 0) && t.now.Before(due) {
		return m, Decision{Trouble: t.trouble(m, NoTrouble), Due: due, Reason: say("%s This node waits for the end of its calls and registrations, until %s at most.", t.back(m), clock(due))}
	}
	m = m.turn(t.now, false, "the master is well again")
	return m, Decision{Reason: say("The master is well again. This node stopped serving at %s, and stands by.", clock(t.now))}
}

// back says how a master is that may serve again.
func (t turn) back(m Memory) string {
	if m.Split {
		return t.split(m)
	}
	if t.peer == PeerStoodDown {
		return say("This node serves since %s. The master has stood down, and its hotpair is heard since %s.", clock(m.Since), clock(m.Well))
	}
	reason := say("This node serves since %s. The master is well again since %s", clock(m.Since), clock(m.Well))
	if t.why != "" {
		reason += " (" + t.why + ")"
	}
	return reason + "."
}

func (t turn) split(m Memory) string {
	return say("Both nodes serve since %s or before, and nothing decided so: phones may be registered at either. The master keeps its place.", clock(m.Since))
}

func (t turn) trouble(m Memory, other Trouble) Trouble {
	if m.Split {
		return SplitBrain
	}
	return other
}

// sentence gives a reason the shape of a sentence.
func sentence(why string) string {
	if why == "" || strings.HasSuffix(why, ".") {
		return why
	}
	return why + "."
}
