package simulate

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// midnight is when the first event is.
var midnight = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	warmUp  = 2 * time.Minute // in which the nodes come to know each other
	settled = time.Minute     // after the last event, and all is as before

	reportEvery = 2 // seconds
)

// life is one simulation on its way.
type life struct {
	pair   *Pair
	world  World
	nodes  [2]*node
	posted [2]*failover.Report // on their way to each node
	phones *phones
	at     [2]int // phones that each node has
	now    time.Time
	linked time.Time // both nodes, and both hotpairs, hear each other since the second after
	result Result
}

// Run lives through a scenario, until all is as it was before, or nothing can be
// expected any more.
func Run(p Pair, s Scenario) Result {
	l := &life{pair: &p, world: fine(), phones: newPhones(p.Phones, p.Seed), now: midnight.Add(-warmUp), result: Result{Scenario: s}}
	l.nodes = [2]*node{newNode(Master, &p), newNode(Standby, &p)}
	for ; l.now.Before(midnight); l.now = l.now.Add(time.Second) {
		l.second()
	}
	l.result.Timeline = nil
	events := s.Events
	for last := events[len(events)-1].At; ; l.now = l.now.Add(time.Second) {
		l.second()
		for ; len(events) > 0 && events[0].At <= l.after(); events = events[1:] {
			l.note("", events[0].Says)
			events[0].Do(&l.world)
			l.power()
		}
		unserved := l.telephone()
		if over := l.after() - last; over > settled && l.home(unserved) || over >= p.patience() {
			return l.sum(unserved)
		}
	}
}

// after is the time since the first event.
func (l *life) after() time.Duration { return l.now.Sub(midnight) }

func (l *life) note(node, says string) {
	l.result.Timeline = append(l.result.Timeline, Entry{At: l.after(), Node: node, Says: says})
}

// second is one second of both nodes.
func (l *life) second() {
	for _, n := range l.nodes {
		l.host(n)
		l.serve(n)
	}
	channel := l.channel()
	for _, n := range l.nodes {
		if report := l.posted[n.name]; report != nil && channel {
			report.At, n.report = l.now, report
		}
		for _, p := range n.probers {
			p.pass(l.now, l.answers(n, p.Kind))
		}
	}
	for _, n := range l.nodes {
		l.posted[n.name.other()] = nil
		if n.watching {
			l.decide(n)
			report := n.says(l.serving(n.name))
			l.posted[n.name.other()] = &report
		}
	}
}

// decide has a node decide, and do it.
func (l *life) decide(n *node) {
	before, was := n.decision, n.standing()
	n.memory, n.decision = failover.Decide(n.memory, l.now, n.policy, l.sight(n))
	d := n.decision
	if n.standing() != was && d.Reason != before.Reason {
		l.note(n.name.String(), d.Reason)
	}
	if n.name == Standby && d.Serve != before.Serve {
		l.turned(d.Serve)
	}
	if !d.Wait && n.services.turn(l.now, d.Serve, l.pair) {
		l.note(n.name.String(), string(n.services.state))
	}
}

// turned keeps when the standby began and ceased to serve.
func (l *life) turned(serves bool) {
	list := l.result.Takeovers
	if serves {
		l.result.Takeovers = append(list, Spell{From: l.after()})
		return
	}
	list[len(list)-1].To = l.after()
}

// telephone is one second of the phones, and tells how many no node serves.
func (l *life) telephone() (unserved int) {
	replies := [2]reply{l.reply(Master), l.reply(Standby)}
	unserved, l.at = l.phones.pass(seconds(l.after()), replies)
	r, standby := &l.result, l.nodes[Standby]
	if replies[Master] == answer && replies[Standby] == answer {
		r.Both += time.Second
	}
	if l.phones.returned {
		r.Busiest[Master] = max(r.Busiest[Master], l.phones.load[Master])
	}
	r.Busiest[Standby] = max(r.Busiest[Standby], l.phones.load[Standby])
	if unserved > 0 && standby.watching && !standby.decision.Serve {
		r.CutOff = r.CutOff || standby.decision.Isolated
		r.Held = r.Held || standby.decision.Trouble == failover.Held
	}
	return unserved
}
