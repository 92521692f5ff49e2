package failover

import "time"

// passive decides for a standby that does not serve.
func (t turn) passive(m Memory) (Memory, Decision) {
	if t.sight.Self.Serving && m.Begun && t.since(m.Since) > t.policy.Answering {
		return t.found(m)
	}
	if !m.Begun {
		m = m.turn(t.now, false, "it is the standby")
	}
	if m.Order == OrderFailover && !m.over(t.now) {
		return t.byHand(m)
	}
	m.Order = NoOrder
	if t.since(m.Until) > t.policy.Answering {
		m.Until = time.Time{} // a master that was asked in time may stand down late
	}
	switch t.peer {
	case PeerUnreachable:
		return t.unreachable(unasked(m))
	case PeerDegraded:
		return t.degraded(m)
	case PeerStoodDown:
		return t.takeOver(m, "The master stood down, so that this node serves.")
	}
	return unasked(m), Decision{Reason: t.calm(m)}
}

// calm says how a master is that is not dead.
func (t turn) calm(m Memory) string {
	reason := say("The master is %s since %s", t.peer, clock(m.PeerSince))
	if t.why != "" {
		reason += ": " + t.why
	}
	return reason + ". This node stands by."
}

// found begins with a standby that serves although nothing decided so.
func (t turn) found(m Memory) (Memory, Decision) {
	switch t.peer {
	case PeerUnknown:
		return unasked(m), Decision{Reason: "This standby serves, and nothing was seen of the master yet."}
	case PeerHealthy, PeerBusy:
		m = m.turn(t.now, true, "it was found serving beside its master")
		m.Split = true
		return m, Decision{Trouble: SplitBrain, Reason: t.split(m)}
	}
	m = m.turn(t.now, true, say("it was found serving, and the master is %s", t.peer))
	return unasked(m), Decision{Reason: say("This standby serves, and the master is %s: it goes on.", t.peer)}
}

// unreachable decides where nothing of the master answers.
func (t turn) unreachable(m Memory) (Memory, Decision) {
	silent := say("The master has not answered since %s", clock(t.heard))
	if t.isolated {
		return m, Decision{Reason: silent + ", and neither does any witness: this node is cut off itself, and does not take over."}
	}
	limit, vouch := t.policy.Unreachable, "a witness answers, so it is not this node that is cut off"
	if !t.vouched {
		limit, vouch = max(limit, t.policy.Degraded), "no witness was ever seen that could tell whether it is this node that is cut off"
	}
	silent += "; " + vouch
	if reason := t.hinders(m); reason != "" {
		return m, Decision{Trouble: Held, Reason: silent + ". " + reason}
	}
	due := t.heard.Add(limit)
	if boot := t.sight.Self.Booted.Add(t.policy.Booting); !m.Heard.After(t.sight.Self.Booted) && boot.After(due) && t.now.Before(boot) {
		return m, Decision{Due: boot, Reason: say("%s. This node was started at %s, and the master may be starting too: it is waited for until %s.", silent, clock(t.sight.Self.Booted), clock(boot))}
	}
	if t.now.Before(due) {
		return m, Decision{Due: due, Reason: say("%s. This node takes over at %s.", silent, clock(due))}
	}
	return t.takeOver(m, silent+".")
}

// degraded decides where the master's host is up and its telephony is silent.
func (t turn) degraded(m Memory) (Memory, Decision) {
	silent := say("The master's telephony has not answered since %s: %s", clock(t.heard), t.why)
	if reason := t.hinders(m); reason != "" {
		return unasked(m), Decision{Trouble: Held, Reason: silent + ". " + reason}
	}
	due := t.heard.Add(t.policy.Degraded)
	switch {
	case t.now.Before(due):
		return unasked(m), Decision{Due: due, Reason: say("%s. That may be a restart; this node takes over at %s.", silent, clock(due))}
	case t.told(m):
		m = t.ask(m, StandDown)
		due = m.Asked.Add(t.policy.Answering)
		return m, Decision{Due: due, Reason: say("%s. Since %s the master is asked to stand down; this node takes over when it has, or at %s.", silent, clock(m.Asked), clock(due))}
	case t.policy.HoldUntold:
		return m, Decision{Trouble: Held, Reason: silent + ". The master cannot be asked to stand down, and a second DHCP server would start: failover.untold says to hold. If its services are stopped, run `hotpair failover`."}
	}
	return t.takeOver(m, silent+". The master cannot be asked to stand down, or did not.")
}

// hinders tells why this node does not take over by itself; "": nothing does.
func (t turn) hinders(m Memory) string {
	switch {
	case t.paused(m) != "":
		return t.paused(m)
	case t.sight.Self.Replicated.IsZero():
		return "Nothing was ever replicated to this node: it would serve without the master's configuration, so it holds. `hotpair failover` takes over nevertheless."
	case t.policy.Manual:
		return "failover.mode is manual: `hotpair failover` takes over."
	}
	return ""
}

// paused says that an operator works on either node; "": nobody does. What the
// master told last of that holds also while it is not heard.
func (t turn) paused(m Memory) string {
	switch r := t.sight.Report; {
	case !m.Paused.IsZero():
		return say("Maintenance lasts until %s, so nothing is done.", clock(m.Paused))
	case r != nil && r.Paused.After(t.now):
		return say("Maintenance of the master lasts until %s, so nothing is done.", clock(r.Paused))
	}
	return ""
}

// byHand takes over since an operator wants it, once the master has handed over.
// One that serves and is not heard just now is waited for: it would serve on.
func (t turn) byHand(m Memory) (Memory, Decision) {
	const ordered = "An operator asked for the failover."
	ceased := t.peer == PeerStoodDown || t.report != nil && !t.report.Serving
	missed := t.report == nil && m.Reported && t.alive()
	if ceased || t.report == nil && !missed || t.late(m) {
		return t.takeOver(m, ordered)
	}
	m = t.ask(m, HandOver)
	due := m.Asked.Add(t.policy.Answering)
	if missed {
		return m, Decision{Due: due, Reason: say("%s The master serves, and its hotpair, which is to hand over, is not heard now: it is waited for, and this node takes over at %s.", ordered, clock(due))}
	}
	return m, Decision{Due: due, Reason: say("%s The master is asked to hand over since %s; this node takes over when it has, or at %s.", ordered, clock(m.Asked), clock(due))}
}

func (t turn) takeOver(m Memory, why string) (Memory, Decision) {
	if m.Order == NoOrder && t.peer != PeerStoodDown {
		m.Until = time.Time{}
	}
	m = unasked(m).turn(t.now, true, why)
	m.Takeovers = append(m.Takeovers, t.now)
	return m, Decision{Reason: why + " This node took over at " + clock(t.now) + "."}
}

// rebooted tells whether this node was started anew since it last began or
// ceased to serve.
func (t turn) rebooted(m Memory) bool { return t.sight.Self.Booted.After(m.Since) }
