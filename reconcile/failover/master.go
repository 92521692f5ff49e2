package failover

import "time"

// master decides for the master: it serves, but for the time in which it stood
// down for its standby.
func (t turn) master(m Memory) (Memory, Decision) {
	m = unasked(m)
	if !m.Begun {
		m = m.turn(t.now, true, "it is the master")
	}
	asks := Nothing
	if t.report != nil {
		asks = t.report.Asks
	}
	if m.Serving {
		return t.obey(m, asks)
	}
	return t.stoodDown(m, asks)
}

// obey ends serving where the standby asks for it with reason.
func (t turn) obey(m Memory, asks Ask) (Memory, Decision) {
	sip := group(m.fresh(t.now, t.policy, t.sight.Votes), SIP)
	switch {
	case asks == HandOver:
		m = m.turn(t.now, false, "an operator handed over to the standby")
		return m, Decision{Reason: say("An operator asked the standby to serve: this master stood down at %s.", clock(t.now))}
	case asks == StandDown && sip.any(Alive):
		return m, Decision{Reason: "The standby hears no telephony here and asks this master to stand down. From here SIP answers, so it serves on: see whether a ban or a firewall keeps the standby off."}
	case asks == StandDown && len(sip) == 0:
		return m, Decision{Reason: "The standby hears no telephony here and asks this master to stand down. This master does not know yet whether its telephony answers, so it serves on."}
	case asks == StandDown:
		m = m.turn(t.now, false, "its telephony was dead")
		return m, Decision{Reason: say("The telephony of this master does not answer, and the standby is ready to serve: it stood down at %s.", clock(t.now))}
	}
	return m, Decision{Reason: t.serves(m) + " " + t.hears(m)}
}

// serves says how the master's own telephony is.
func (t turn) serves(m Memory) string {
	sip := group(m.fresh(t.now, t.policy, t.sight.Votes), SIP)
	if len(sip) == 0 || sip.any(Alive) || sip.any(Busy) {
		return "This node is the master, and serves."
	}
	return say("This node is the master, but its own SIP server has not answered since %s: see whether it runs.", clock(m.HeardSIP))
}

// hears says whether the standby reports.
func (t turn) hears(m Memory) string {
	if t.peer == PeerUnknown {
		return say("The standby's hotpair is not heard since %s.", clock(m.PeerSince))
	}
	if t.report.Serving {
		return "The standby's hotpair is heard, and the standby serves."
	}
	return "The standby's hotpair is heard."
}

// stoodDown begins to serve again where the standby asks for it, or does not
// serve itself.
func (t turn) stoodDown(m Memory, asks Ask) (Memory, Decision) {
	since := say("This master stood down at %s, %s.", clock(m.Since), m.Why)
	m.Well = began(m.Well, t.now)
	if t.report != nil && t.report.Serving && asks != Return {
		m.Well = time.Time{}
		return m, Decision{Reason: since + " The standby serves; `hotpair failback` there gives back the place."}
	}
	due := m.Well.Add(t.policy.Degraded)
	switch {
	case asks == Return:
		m = m.turn(t.now, true, "the standby asked it to serve again")
		return m, Decision{Reason: say("The standby asked this master to serve again, at %s.", clock(t.now))}
	case t.now.Before(due):
		return m, Decision{Due: due, Reason: say("%s It does not hear that the standby serves; it serves again at %s.", since, clock(due))}
	}
	m = m.turn(t.now, true, "the standby was not heard to serve")
	return m, Decision{Reason: say("%s The standby was not heard to serve: this master serves again since %s.", since, clock(t.now))}
}
