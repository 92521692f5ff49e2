package simulate

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// node is one of the two, with its hotpair.
type node struct {
	name     Node
	policy   failover.Policy
	probes   []Probe
	up       time.Time // since when its host is up, or will be; zero: it has no power
	services services

	watching bool // its hotpair runs
	probers  []*prober
	memory   failover.Memory
	decision failover.Decision
	report   *failover.Report // that came last
}

// ownProbe is how a master's hotpair hears its own SIP server.
func ownProbe() Probe {
	return Probe{Name: "own sip", Kind: failover.SIP, Interval: 3 * time.Second, Timeout: 2 * time.Second, Fall: 2, Rise: 2}
}

func newNode(name Node, p *Pair) *node {
	n := &node{name: name, policy: p.Policy, probes: p.Probes, up: midnight.Add(-24 * time.Hour), services: services{state: stopped}}
	n.policy.Master = name == Master
	if name == Master {
		n.probes = []Probe{ownProbe()}
		n.services = services{state: running, enabled: true}
	}
	return n
}

// isUp tells whether the host answers.
func (n *node) isUp(now time.Time) bool { return !n.up.IsZero() && !now.Before(n.up) }

// begin starts hotpair: what it knew it still knows, what it asked it does not.
func (n *node) begin() {
	n.watching, n.probers, n.report = true, nil, nil
	for _, p := range n.probes {
		n.probers = append(n.probers, newProber(p))
	}
}

// says is what it reports of itself.
func (n *node) says(serving bool) failover.Report {
	r := failover.Report{Serving: serving, StoodDown: n.memory.Begun && !n.memory.Serving, Asks: n.decision.Asks}
	if n.name == Master {
		r.SIP = n.probers[0].vote.Answer
	}
	return r
}

// standing is what of a decision is worth a line when it changes.
func (n *node) standing() [8]any {
	d := n.decision
	return [...]any{d.Serve, d.Wait, d.Peer, d.Isolated, d.Trouble, d.Asks, n.memory.Well.IsZero(), n.memory.Draining.IsZero()}
}
