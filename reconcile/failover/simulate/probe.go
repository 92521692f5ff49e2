package simulate

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// prober asks for one thing, again and again.
type prober struct {
	Probe
	vote  failover.Vote
	next  time.Time // when it asks again
	gives time.Time // when it gives up what it has asked; zero: it waits for nothing
	last  failover.Answer
	first time.Time // of the row that ends with last
	row   int
}

func newProber(p Probe) *prober {
	return &prober{Probe: p, vote: failover.Vote{Name: p.Name, Kind: p.Kind}}
}

// pass is one second of it, in which its target answers or does not.
func (p *prober) pass(now time.Time, answers bool) {
	if !p.gives.IsZero() && !now.Before(p.gives) {
		p.gives = time.Time{}
		p.ended(now, failover.Silent, p.Fall)
	}
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(p.Interval)
	if !answers {
		p.gives = now.Add(p.Timeout)
		return
	}
	p.vote.Heard = now
	p.ended(now, failover.Alive, p.Rise)
}

// ended counts an answer, as one of so many in a row that are needed.
func (p *prober) ended(now time.Time, answer failover.Answer, needed int) {
	if p.last != answer {
		p.last, p.first, p.row = answer, now, 0
	}
	p.row++
	p.vote.Asked = now
	if p.row >= needed && p.vote.Answer != answer {
		p.vote.Answer, p.vote.Since = answer, p.first
	}
}
