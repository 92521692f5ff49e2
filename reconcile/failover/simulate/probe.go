package simulate

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// prober asks for one thing, again and again.
type prober struct {
	Probe
	vote  failover.Vote
	asked time.Time // the last time; zero: not yet
	waits bool      // for the answer to that
	last  failover.Answer
	first time.Time // when the first of the row that ends with last was asked for
	row   int
}

func newProber(p Probe) *prober {
	return &prober{Probe: p, vote: failover.Vote{Name: p.Name, Kind: p.Kind}}
}

// pass is one second of it, in which its target answers or does not.
func (p *prober) pass(now time.Time, answers bool) {
	if p.waits && now.Sub(p.asked) >= p.Timeout {
		p.waits = false
		p.ended(now, failover.Silent, p.Fall)
	}
	if now.Sub(p.asked) < p.Interval {
		return
	}
	p.asked, p.waits = now, !answers
	if answers {
		p.vote.Heard = now
		p.ended(now, failover.Alive, p.Rise)
	}
}

// ended counts an answer, as one of so many in a row that are needed. What was
// never heard is believed at once.
func (p *prober) ended(now time.Time, answer failover.Answer, needed int) {
	if p.last != answer {
		p.last, p.first, p.row = answer, p.asked, 0
	}
	p.row++
	p.vote.Asked = now
	believed := answer == failover.Alive && p.vote.Answer == failover.Unknown
	if p.vote.Answer != answer && (p.row >= needed || believed) {
		p.vote.Answer, p.vote.Since = answer, p.first
	}
}
