package failover

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A PeerState is what the peer looks like from here.
type PeerState string

// The states of a peer.
const (
	PeerUnknown     PeerState = "unknown"     // nothing of it was seen alive yet, or not since this node woke
	PeerHealthy     PeerState = "healthy"     // its telephony answers
	PeerBusy        PeerState = "busy"        // it answers that it is overloaded
	PeerDegraded    PeerState = "degraded"    // its host is up, its telephony is silent
	PeerUnreachable PeerState = "unreachable" // nothing of it answers
	PeerStoodDown   PeerState = "stood down"  // it ceased to serve since it was asked to
)

// A judgement is what the votes say together.
type judgement struct {
	peer     PeerState
	heard    time.Time // since when there is no answer that would speak against the peer's state
	why      string
	report   *Report // nil: none that is fresh
	isolated bool    // nothing answers, no witness either
	vouched  bool    // a witness answers
	alone    bool    // no witness answers, and one was ever seen alive
}

func (m Memory) judge(now time.Time, p Policy, s Sight) judgement {
	seen := m.fresh(now, p, s.Votes)
	j := judgement{}
	if r := s.Report; r != nil && r.At.After(m.Awake) && now.Sub(r.At) <= p.Reports {
		j.report = r
	}
	host, sip, witnesses := group(seen, Host), group(seen, SIP), group(seen, Witness)
	j.vouched = witnesses.any(Alive)
	j.alone = !j.vouched && m.witnessed(s.Votes)
	switch {
	case p.Master:
		j.standby()
		return j
	case len(host)+len(sip) == 0 && j.report == nil && m.Peer == PeerHealthy && now.Sub(m.Heard) <= p.Fresh:
		j.peer = PeerHealthy // as it was until the daemon was started anew
		return j
	}
	j.master(host, sip)
	j.isolated = j.peer == PeerUnreachable && j.alone || s.Self.Cut && j.peer != PeerHealthy
	return j
}

// standby is what a master sees: only what is reported, since nothing asks it.
func (j *judgement) standby() {
	j.peer, j.why = PeerUnknown, "its hotpair is not heard"
	if j.report != nil {
		j.peer, j.why = PeerHealthy, "its hotpair is heard"
	}
}

// since is when what speaks for a dead peer began: the limits count from there.
func (m Memory) since(p PeerState) time.Time {
	if p == PeerUnreachable {
		return later(later(m.Awake, m.Heard), m.CutOff)
	}
	return later(later(m.Awake, m.HeardSIP), m.Reached)
}

// master is what a standby sees.
func (j *judgement) master(host, sip votes) {
	switch {
	case j.report != nil && j.report.StoodDown && !j.report.Serving:
		j.peer, j.why = PeerStoodDown, "it stood down"
	case sip.any(Alive):
		j.peer = PeerHealthy
		if quiet := append(host, sip...).silent(); quiet != "" {
			j.why = quiet + " gets no answer, which a ban or a firewall may be the reason of"
		}
	case sip.any(Busy):
		j.peer, j.why = PeerBusy, "its SIP server says that it is overloaded (503)"
	case j.report != nil && j.report.SIP == Alive:
		j.peer, j.why = PeerHealthy, "its own hotpair hears its SIP server; from here it is silent, which a ban or a firewall may be the reason of"
	case j.report != nil && (len(sip) > 0 || j.report.SIP == Silent):
		j.peer, j.why = PeerDegraded, "its own hotpair answers, its SIP server does not"
	case host.any(Alive) || host.any(Busy):
		j.peer, j.why = PeerDegraded, "its host answers, its SIP server does not"
		if len(sip) == 0 {
			j.peer, j.why = PeerUnknown, "its SIP server was never seen alive"
		}
	case len(host)+len(sip) == 0:
		j.peer, j.why = PeerUnknown, "nothing of it was seen yet"
	default:
		j.peer, j.why = PeerUnreachable, "nothing of it answers"
	}
}

// fresh are the votes that count: of probes that were ever seen alive, and that
// were asked since this node woke, and lately.
func (m Memory) fresh(now time.Time, p Policy, all []Vote) votes {
	var list votes
	for _, v := range all {
		if m.Knows(v.Name) && v.Answer != Unknown && v.Asked.After(m.Awake) && now.Sub(v.Asked) <= p.Fresh {
			list = append(list, v)
		}
	}
	return list
}

// witnessed tells whether any witness was ever seen alive. One that cannot even
// be asked, since nothing leaves this node, vouches for nothing either.
func (m Memory) witnessed(all []Vote) bool {
	return slices.ContainsFunc(all, func(v Vote) bool {
		tried := !v.Asked.IsZero() || v.Why != "" // no question has ended yet otherwise
		return v.Kind == Witness && m.Knows(v.Name) && tried
	})
}

type votes []Vote

func group(all votes, kind Kind) votes {
	var list votes
	for _, v := range all {
		if v.Kind == kind {
			list = append(list, v)
		}
	}
	return list
}

func (vs votes) any(a Answer) bool {
	for _, v := range vs {
		if v.Answer == a {
			return true
		}
	}
	return false
}

// silent names those that do not answer; "": all do.
func (vs votes) silent() string {
	var names []string
	for _, v := range vs {
		if v.Answer == Silent {
			names = append(names, v.Name)
		}
	}
	return strings.Join(names, ", ")
}

// clock is a time as a reason gives it.
func clock(t time.Time) string { return t.Format("15:04:05") }

func say(format string, args ...any) string { return fmt.Sprintf(format, args...) }
