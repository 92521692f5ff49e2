package failover

import "time"

// A Decision is who serves, and why.
type Decision struct {
	Serve    bool      // this node is to serve
	Wait     bool      // nothing is to be started or stopped yet
	Peer     PeerState // what the peer looks like
	Isolated bool      // this node is cut off
	Trouble  Trouble   // what an operator should be told of
	Asks     Ask       // of the peer
	Due      time.Time // when this node acts by itself if what is seen stays so; zero: it does not
	Reason   string    // in a sentence or two, without what changes from second to second
}

// Trouble is what no decision mends by itself.
type Trouble string

// The troubles of a pair.
const (
	NoTrouble  Trouble = ""
	SplitBrain Trouble = "split brain"    // both nodes serve, without a takeover
	Held       Trouble = "takeover held"  // the master is dead, and the standby does not take over
	Waiting    Trouble = "failback waits" // the master is well, and only an operator may give it back
)

// Decide is given what a node knew, and gives back what it knows now and what
// should be. Equal arguments give equal answers.
func Decide(m Memory, now time.Time, p Policy, s Sight) (Memory, Decision) {
	now = now.Round(0) // a monotonic clock stands still while the machine does
	m = m.wake(now, p.Fresh).learn(s)
	m.Takeovers = m.recent(now)
	if !m.Paused.After(now) {
		m.Paused = time.Time{}
	}
	j := m.judge(now, p, s)
	m = m.see(now, j)
	j.heard = m.since(j.peer)
	turn := turn{now: now, policy: p, sight: s, judgement: j}
	var d Decision
	switch {
	case p.Master:
		m, d = turn.master(m)
	case m.Serving:
		m, d = turn.serving(m)
	default:
		m, d = turn.passive(m)
	}
	d.Serve, d.Peer, d.Isolated, d.Asks = m.Serving, j.peer, j.isolated, m.Asks
	return m, d
}

// turn is one decision on its way.
type turn struct {
	now    time.Time
	policy Policy
	sight  Sight
	judgement
}

// since is how long something has gone on.
func (t turn) since(from time.Time) time.Duration { return t.now.Sub(from) }

// ask asks something of the peer, or goes on asking.
func (t turn) ask(m Memory, what Ask) Memory {
	if m.Asks != what {
		m.Asks, m.Asked = what, t.now
	}
	return m
}

// unasked asks nothing any more.
func unasked(m Memory) Memory {
	m.Asks, m.Asked = Nothing, time.Time{}
	return m
}

// told tells whether the peer hears what is asked, and still has time to do it.
func (t turn) told(m Memory) bool { return t.report != nil && !t.late(m) }

// late tells whether the peer had its time to do what it was asked for.
func (t turn) late(m Memory) bool {
	return !m.Asked.IsZero() && t.since(m.Asked) >= t.policy.Answering
}

// alive tells whether the peer's telephony answers.
func (t turn) alive() bool { return t.peer == PeerHealthy || t.peer == PeerBusy }
