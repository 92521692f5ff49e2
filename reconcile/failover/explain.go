package failover

import (
	"strings"
	"time"
)

// An Account is what a decision rests on, for people.
type Account struct {
	Votes []Told   `json:"probes"` // each probe, and what it counts for
	Would []string `json:"would"`  // what would have this node act, by itself and by hand
}

// Told is a probe and what it says.
type Told struct {
	Name string `json:"name"`
	Says string `json:"says"`
}

// Explain accounts for a decision by the policy and the sight that it was made
// with, and the memory after it.
func Explain(m Memory, p Policy, s Sight, d Decision) Account {
	t := turn{now: m.Last, policy: p, sight: s, judgement: judgement{peer: d.Peer, isolated: d.Isolated, report: s.Report}}
	var a Account
	for _, v := range s.Votes {
		a.Votes = append(a.Votes, Told{Name: v.Name, Says: m.counts(v, p.Master)})
	}
	switch {
	case p.Master:
		a.Would = t.masterWould(d)
	case d.Serve:
		a.Would = t.servingWould(m, d)
	default:
		a.Would = t.passiveWould(m, d)
	}
	return a
}

// counts says how a probe stands, and what that counts for.
func (m Memory) counts(v Vote, own bool) string {
	since := say("since %s", clock(v.Since.Local()))
	switch {
	case !m.Knows(v.Name) && v.Why != "":
		return "never seen alive (" + v.Why + "), so it counts for nothing"
	case !m.Knows(v.Name):
		return "never seen alive, so it counts for nothing"
	case v.Answer == Unknown && v.Why != "":
		return "cannot be asked (" + v.Why + "), so it counts for nothing"
	case v.Answer == Unknown:
		return "has not answered since the daemon began, so it counts for nothing yet"
	case v.Answer == Busy:
		return say("answers %s that it is overloaded (503): that is alive", since)
	case v.Answer == Silent && v.Kind == Witness:
		return say("silent %s, so it does not vouch for this node's own network", since)
	case v.Answer == Silent && v.Why != "":
		return say("silent %s: %s", since, v.Why)
	case v.Answer == Silent:
		return "silent " + since
	case v.Kind == Witness:
		return say("answers %s, so this node is not cut off", since)
	case v.Kind == SIP && own:
		return say("answers %s: this node's telephony serves", since)
	case v.Kind == SIP:
		return say("answers %s: the master's telephony serves", since)
	}
	return say("answers %s: the master's host is up", since)
}

// masterWould says when a master stands down, or serves again.
func (t turn) masterWould(d Decision) []string {
	switch {
	case d.Serve && d.Peer == PeerUnknown:
		return []string{"Nobody can ask it to stand down while the standby's hotpair is not heard: see that `hotpair watch` runs on both nodes, and run `hotpair init` here to check the channel."}
	case d.Serve:
		return []string{"It stands down when the standby asks for it while no SIP server answers here, or when `hotpair failover` is run on the standby."}
	case !d.Due.IsZero():
		return []string{say("It serves again at %s, unless the standby is heard to serve before.", clock(d.Due.Local()))}
	}
	return []string{say("It serves again when the standby asks for it, by itself or by `hotpair failback` there, or when the standby is not heard to serve for %s.", span(t.policy.Degraded))}
}

// servingWould says when a serving standby gives back its place.
func (t turn) servingWould(m Memory, d Decision) []string {
	f := t.policy.Failback
	const byHand = "`hotpair failback` gives the master back its place by hand."
	switch {
	case d.Wait:
		return []string{say("It goes on serving at %s, unless the master is well by then.", clock(d.Due.Local()))}
	case t.isolated:
		return []string{"It serves on while it is cut off: nothing shows whether the master serves beside it. Mend this node's network."}
	case d.Trouble == Waiting, m.ByHand && m.Until.IsZero():
		return []string{"Nothing is given back by itself now. " + byHand}
	case !m.Draining.IsZero():
		return []string{say("It stops serving when no call and no registration is left here, and at %s at the latest (failover.failback.drain).", clock(d.Due.Local()))}
	case t.paused(m) != "":
		return []string{t.paused(m) + " `hotpair maintenance --end` ends that.", byHand}
	case !d.Due.IsZero():
		return []string{say("At %s it begins to give the master back its place, if that is well until then.", clock(d.Due.Local())), byHand}
	case d.Peer == PeerHealthy || d.Peer == PeerStoodDown:
		return []string{byHand}
	}
	return []string{say("It gives the master back its place when that has been well for %s (failover.failback.after), and its calls here have ended, after %s at most.", span(f.After), span(f.Drain))}
}

// passiveWould says when a standby takes over.
func (t turn) passiveWould(m Memory, d Decision) []string {
	const byHand = "`hotpair failover` takes over by hand."
	hindered := t.hinders(m)
	switch {
	case d.Peer == PeerStoodDown:
		return nil
	case m.Order == OrderFailover && !d.Due.IsZero():
		return []string{say("It takes over when the master has handed over, and at %s at the latest.", clock(d.Due.Local()))}
	case t.isolated:
		return []string{"It takes over when the master is still silent once a witness answers again: mend this node's network.", byHand}
	case hindered != "" && !m.Paused.IsZero():
		return []string{"It takes over nothing by itself: " + hindered + " `hotpair maintenance --end` ends that.", byHand}
	case hindered != "":
		return []string{"It takes over nothing by itself: " + hindered}
	case d.Trouble == Held:
		return []string{byHand}
	case !d.Due.IsZero():
		return []string{say("It takes over at %s by itself, unless the master answers before.", clock(d.Due.Local())), byHand}
	}
	var list []string
	switch d.Peer {
	case PeerBusy:
		list = append(list, "A master that is overloaded serves, so this node does not take over however long that lasts.")
	case PeerUnknown:
		list = append(list, "What was never heard cannot be missed, so nothing is taken over before something of the master was seen alive: see whether a firewall keeps the probes off.")
	}
	return append(list, t.limits(m), byHand)
}

// limits says what a dead master is.
func (t turn) limits(m Memory) string {
	if !m.witnessed(t.sight.Votes) {
		return say("It takes over by itself when nothing of the master has answered for %s, or its SIP server has not for %s while its host does (failover.unreachable, failover.degraded). No witness was ever seen alive: with one in failover.witnesses it would be %s.",
			span(max(t.policy.Unreachable, t.policy.Degraded)), span(t.policy.Degraded), span(t.policy.Unreachable))
	}
	return say("It takes over by itself when nothing of the master has answered for %s while a witness does (failover.unreachable), or when its SIP server has not for %s while its host does (failover.degraded).", span(t.policy.Unreachable), span(t.policy.Degraded))
}

// span is a time as ha.hcl has it.
func span(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
