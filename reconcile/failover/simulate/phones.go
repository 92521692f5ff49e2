package simulate

import (
	"math/rand/v2"
	"time"
)

// A REGISTER is sent again every 4 s, T2, and given up after 32 s, Timer F
// (RFC 3261 §17.1.2.2). Seconds.
const (
	resend = 4
	timerF = 32
)

// reply is what a phone's REGISTER gets.
type reply int

const (
	silence reply = iota
	answer
	refusal
)

// phone is one phone. Its times are seconds from the first event.
type phone struct {
	expiry  int
	due     int  // it acts
	at      Node // where it is registered
	asks    Node // where it sends its REGISTER
	sent    int  // how often it has
	second  bool // the other node was asked before
	without int  // seconds since a node last served it
	longest int  // of these
}

// phones are all of them.
type phones struct {
	list     []phone
	tryAgain int
	load     [2]int // requests answered in this second, by each node
	returned bool   // one of them went back to the master
}

func newPhones(p Phones, seed uint64) *phones {
	random := rand.New(rand.NewPCG(seed, 0))
	ps := &phones{list: make([]phone, p.Count), tryAgain: max(1, seconds(p.TryAgain))}
	least, most := max(1, seconds(p.Min)), max(1, seconds(p.Max))
	for i := range ps.list {
		expiry := least + random.IntN(max(1, most-least+1))
		ps.list[i] = phone{expiry: expiry, due: 1 + random.IntN(expiry), at: Master, asks: Master}
	}
	return ps
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// pass is one second of all phones. It counts those that no node serves, and
// those that each node has.
func (ps *phones) pass(now int, replies [2]reply) (unserved int, at [2]int) {
	ps.load = [2]int{}
	for i := range ps.list {
		p := &ps.list[i]
		for p.due <= now {
			ps.turn(p, now, replies)
		}
		if p.at == nobody || replies[p.at] != answer {
			p.without++
			p.longest = max(p.longest, p.without)
			unserved++
		} else {
			p.without = 0
		}
		if p.at != nobody {
			at[p.at]++
		}
	}
	return unserved, at
}

// turn has a phone refresh its registration, at the master where that answers,
// or go on asking.
func (ps *phones) turn(p *phone, now int, replies [2]reply) {
	switch {
	case p.at == Standby && replies[Master] == answer:
		ps.returned = true
		ps.register(p, now, Master)
	case replies[p.asks] == answer:
		ps.register(p, now, p.asks)
	case replies[p.asks] == silence && p.sent < timerF/resend:
		p.at = nobody
		p.sent++
		p.due = now + resend
	default:
		p.at = nobody
		ps.next(p, now)
	}
}

func (ps *phones) register(p *phone, now int, n Node) {
	ps.load[n]++
	p.at, p.asks, p.sent, p.second, p.due = n, n, 0, false, now+p.expiry
}

// next has a phone ask the other node at once, or, where neither answered, the
// one that was asked last after a while.
func (ps *phones) next(p *phone, now int) {
	p.sent, p.second = 0, !p.second
	if p.second {
		p.asks = p.asks.other()
		return
	}
	p.due = now + ps.tryAgain
}
