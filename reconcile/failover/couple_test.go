package failover

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// couple is a master and a standby that decide by what each tells the other.
type couple struct {
	now             time.Time
	master, standby Memory
	said            Decision // by the standby
	answered        time.Time
	hears, heard    *Report // what the master, and the standby, were told last
}

// vote is how the master's telephony looks from the standby.
func (c *couple) vote(alive bool) Vote {
	if alive {
		c.answered = c.now
	}
	v := Vote{Name: "sip udp", Kind: SIP, Answer: Alive, Asked: c.now, Heard: c.answered, Since: c.answered}
	if c.now.Sub(c.answered) >= 3*time.Second {
		v.Answer = Silent
	}
	return v
}

// lives passes a second, in which the channel between the two works or does not. The
// network does.
func (c *couple) lives(channel bool) {
	c.now = c.now.Add(time.Second)
	own := Alive
	if !c.master.Serving && c.master.Begun {
		own = Silent
	}
	if channel {
		c.hears = &Report{At: c.now, Serving: c.standby.Serving, Asks: c.said.Asks}
		c.heard = &Report{At: c.now, Serving: own == Alive, StoodDown: own == Silent, SIP: own}
	}
	p := usual
	p.Master = true
	c.master, _ = Decide(c.master, c.now, p, Sight{Self: Self{Serving: own == Alive}, Report: c.hears,
		Votes: []Vote{{Name: "own sip udp", Kind: SIP, Answer: own, Asked: c.now, Heard: c.now, Since: c.now}}})
	host := Vote{Name: "ping", Kind: Host, Answer: Alive, Asked: c.now, Heard: c.now, Since: c.now}
	c.standby, c.said = Decide(c.standby, c.now, usual, Sight{Report: c.heard, Votes: []Vote{host, c.vote(own == Alive)},
		Self: Self{Serving: c.standby.Serving, Booted: start.Add(-time.Hour), Replicated: start.Add(-time.Hour)}})
}

// However the channel comes and goes, one of two nodes that hear each other again
// serves: the one that an operator wanted last.
func TestOneServesAfterAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &couple{now: start, answered: start}
		order := NoOrder
		for range 60 {
			c.lives(true)
		}
		for range rapid.IntRange(1, 8).Draw(t, "episodes") {
			if rapid.Bool().Draw(t, "an order") {
				order = OrderFailover
				if c.standby.Serving {
					order = OrderFailback
				}
				c.standby.Order = order
			}
			channel := rapid.Bool().Draw(t, "channel")
			for range rapid.IntRange(1, 90).Draw(t, "seconds") {
				c.lives(channel)
			}
		}
		for range 5 * 60 {
			c.lives(true)
		}
		if c.master.Serving == c.standby.Serving || order == OrderFailover && !c.standby.Serving {
			t.Fatalf("after %q the master serves: %t, the standby: %t: %+v", order, c.master.Serving, c.standby.Serving, c.said)
		}
	})
}
