package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
)

// partition is one way of cutting a pair.
type partition struct {
	name  string
	cut   func(*lan, bool) // or heal
	comes coming
}

// coming is whether the standby takes over where a partition lasts.
type coming int

const (
	never     coming = iota // it hears no witness
	always                  // nothing of the master arrives, and the gateway answers
	sometimes               // a last report may arrive in time, whose answer does not: the master lives
)

func partitions() []partition {
	way := func(l *lan, cut bool, in, out string) {
		if !cut {
			in, out = "", ""
		}
		l.must(l.standby.net.Bar(in, out))
	}
	from := func(l *lan) string { return fmt.Sprintf("ip saddr %s", l.master.net.V4) }
	to := func(l *lan) string { return fmt.Sprintf("ip daddr %s", l.master.net.V4) }
	lose := func(node func(*lan) *lanNode, loss netns.Loss) func(*lan, bool) {
		return func(l *lan, cut bool) {
			if !cut {
				loss = netns.Loss{}
			}
			l.must(node(l).net.Lose(loss))
		}
	}
	master, standby := func(l *lan) *lanNode { return l.master }, func(l *lan) *lanNode { return l.standby }
	return []partition{
		{"between the nodes", func(l *lan, cut bool) { way(l, cut, from(l), to(l)) }, always},
		{"from the master", func(l *lan, cut bool) { way(l, cut, from(l), "") }, always},
		{"to the master", func(l *lan, cut bool) { way(l, cut, "", to(l)) }, sometimes},
		{"all of the master", lose(master, netns.Loss{In: 100, Out: 100}), always},
		{"all to the master", lose(master, netns.Loss{In: 100}), sometimes},
		{"all from the master", lose(master, netns.Loss{Out: 100}), always},
		{"all of the standby", lose(standby, netns.Loss{In: 100, Out: 100}), never},
		{"all to the standby", lose(standby, netns.Loss{In: 100}), never},
		{"all from the standby", lose(standby, netns.Loss{Out: 100}), never},
	}
}

// Two nodes that hear each other again are a pair again within two intervals, and
// what was long enough for a takeover made one: never more.
func TestPartitionsHeal(t *testing.T) {
	t.Parallel()
	pairs, each := 2, 5
	if tortured() {
		pairs, each = 5, 40
	}
	var group sync.WaitGroup
	for seed := range pairs {
		group.Go(func() {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				l := newLAN(t, lanOptions{pace: quickPace(), standbyHCL: "failover {\n  failback {\n    takeovers = 100\n  }\n}\n"})
				random := rand.New(rand.NewPCG(uint64(seed), 77))
				var slowest time.Duration
				for range each {
					slowest = max(slowest, l.parts(random))
				}
				t.Logf("%d partitions, %d takeovers; healed within %s", each, l.starts(), slowest.Round(100*time.Millisecond))
				l.held()
			})
		})
	}
	group.Wait()
}

// parts cuts the pair for a while, heals it, and tells how long it took to be one
// again.
func (l *lan) parts(random *rand.Rand) time.Duration {
	l.Helper()
	all := partitions()
	p, lasts := all[random.IntN(len(all))], time.Duration(1000+random.IntN(19000))*time.Millisecond
	before := l.starts()
	p.cut(l, true)
	time.Sleep(lasts)
	p.cut(l, false)
	healed := l.settles()
	l.Logf("%s for %s: %d takeovers, healed after %s", p.name, lasts.Round(100*time.Millisecond), l.starts()-before, healed.Round(100*time.Millisecond))
	if healed > 2*l.pace.interval {
		l.Errorf("it took more than two intervals of %s", l.pace.interval)
	}
	least, most := 0, 1
	switch {
	case p.comes == never || lasts < l.pace.unreachable-3*look: // the last answer before it, the first one after it, and a look
		most = 0
	case p.comes == always && lasts > l.pace.dead()+2*look:
		least = 1
	}
	if took := l.starts() - before; took < least || took > most {
		l.Errorf("%d takeovers, wanted %d to %d", took, least, most)
	}
	if calls := strings.TrimSpace(strings.Repeat("start stop ", l.starts())); l.standby.managed() != calls || l.master.managed() != "" {
		l.Errorf("calls on the standby: %q; on the master: %q", l.standby.managed(), l.master.managed())
	}
	time.Sleep(3 * look) // it is heard again before the next one
	return healed
}

func (l *lan) starts() int { return strings.Count(l.standby.managed(), "start") }

// held insists that the standby never ceased to serve before failback.after.
func (l *lan) held() {
	l.Helper()
	var served time.Time
	for line := range strings.Lines(l.standby.log.String()) {
		stamp, _, _ := strings.Cut(strings.TrimPrefix(line, "time="), " ")
		at, err := time.Parse(time.RFC3339Nano, stamp)
		switch {
		case err != nil:
		case strings.Contains(line, `msg="this node serves"`):
			served = at
		case strings.Contains(line, `msg="this node stands by"`) && at.Sub(served) < l.pace.after:
			l.Errorf("it served for %s only", at.Sub(served))
		}
	}
}
