package failover

import (
	"slices"
	"time"
)

// An Order is what an operator wants by hand.
type Order string

// The orders of an operator.
const (
	NoOrder       Order = ""
	OrderFailover Order = "failover"
	OrderFailback Order = "failback"
)

// Memory is what a node knows from one decision to the next, across restarts of
// its daemon too. The zero Memory is that of a node that has just been set up.
type Memory struct {
	Last     time.Time `json:"last"`               // the last decision
	Awake    time.Time `json:"awake"`              // since when decisions followed each other
	Known    []string  `json:"known,omitempty"`    // the probes that were ever seen alive, sorted
	Heard    time.Time `json:"heard,omitzero"`     // the last answer of anything of the peer
	HeardSIP time.Time `json:"heard_sip,omitzero"` // the last answer of its telephony

	Reported bool `json:"reported,omitempty"` // the peer's own hotpair was ever heard

	Begun     bool        `json:"begun,omitempty"`   // it was decided once who serves
	Serving   bool        `json:"serving,omitempty"` // this node is to serve
	Since     time.Time   `json:"since,omitzero"`    // of that
	Why       string      `json:"why,omitempty"`     // of that
	ByHand    bool        `json:"by_hand,omitempty"` // an operator wanted that
	Until     time.Time   `json:"until,omitzero"`    // what an operator wants ends by itself; zero: it does not
	Takeovers []time.Time `json:"takeovers,omitempty"`

	Peer      PeerState `json:"peer,omitempty"`
	PeerSince time.Time `json:"peer_since,omitzero"`
	Reached   time.Time `json:"reached,omitzero"` // since when the peer is reached, after it was not
	CutOff    time.Time `json:"cut_off,omitzero"` // when this node was last cut off, or no witness answered
	Well      time.Time `json:"well,omitzero"`    // since when a master could serve again
	Asked     time.Time `json:"asked,omitzero"`   // since when the peer is asked for something
	Asks      Ask       `json:"asks,omitempty"`
	Draining  time.Time `json:"draining,omitzero"` // since when calls and registrations end
	Split     bool      `json:"split,omitempty"`   // both nodes served without a takeover

	Order  Order     `json:"order,omitempty"`
	Paused time.Time `json:"paused,omitzero"` // until when an operator works here
}

// wake forgets what cannot be held against the peer after a pause: a time in
// which nobody watched, or a clock that was set. One that was set back makes no
// order last longer.
func (m Memory) wake(now time.Time, fresh time.Duration) Memory {
	if gap := now.Sub(m.Last); gap < 0 || gap > fresh {
		m.Awake, m.Well, m.Asked, m.Asks, m.Draining = now, time.Time{}, time.Time{}, Nothing, time.Time{}
		m.Peer, m.PeerSince = PeerUnknown, now
		if !m.Until.IsZero() {
			m.Until = m.Until.Add(min(gap, 0))
		}
	}
	m.Last = now
	return m
}

// learn adds what answers to what is known.
func (m Memory) learn(s Sight) Memory {
	known := slices.Clone(m.Known)
	for _, v := range s.Votes {
		at, there := slices.BinarySearch(known, v.Name)
		if !there && !v.Heard.IsZero() {
			known = slices.Insert(known, at, v.Name)
		}
		if v.Kind != Witness {
			m.Heard = later(m.Heard, v.Heard)
		}
		if v.Kind == SIP {
			m.HeardSIP = later(m.HeardSIP, v.Heard)
		}
	}
	if s.Report != nil {
		m.Reported = true
		m.Heard = later(m.Heard, s.Report.At)
	}
	m.Known = known
	return m
}

// Knows tells whether a probe was ever seen alive.
func (m Memory) Knows(name string) bool {
	_, there := slices.BinarySearch(m.Known, name)
	return there
}

// see takes over what was judged. What passed while the peer was not reached, or
// while this node was cut off, says nothing of the peer.
func (m Memory) see(now time.Time, j judgement) Memory {
	away := func(p PeerState) bool { return p == PeerUnreachable || p == PeerUnknown || p == "" }
	if away(m.Peer) && !away(j.peer) {
		m.Reached = now
	}
	if j.isolated || j.alone {
		m.CutOff = now
	}
	if j.peer != m.Peer || m.PeerSince.IsZero() {
		m.Peer, m.PeerSince = j.peer, now
	}
	return m
}

// turn begins or ends serving.
func (m Memory) turn(now time.Time, serve bool, why string) Memory {
	m.Begun, m.Serving, m.Since, m.Why, m.ByHand = true, serve, now, why, m.Order != NoOrder
	if !serve {
		m.Until = time.Time{}
	}
	m.Order, m.Well, m.Draining, m.Split = NoOrder, time.Time{}, time.Time{}, false
	return m
}

// over tells whether the time has passed for which an operator wanted a failover.
func (m Memory) over(now time.Time) bool { return !m.Until.IsZero() && !now.Before(m.Until) }

// recent are the takeovers of the last hour.
func (m Memory) recent(now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(m.Takeovers), func(t time.Time) bool { return !t.After(now.Add(-time.Hour)) })
}

// began is when something that goes on began: now, unless it began before.
func began(before, now time.Time) time.Time {
	if before.IsZero() {
		return now
	}
	return before
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
