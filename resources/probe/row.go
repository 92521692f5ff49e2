package probe

import (
	"cmp"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// A row counts outcomes that differ from a vote, and changes it when there are
// enough of them. Answers have an order, Silent below Busy below Alive: `fall`
// outcomes in a row that are worse than the vote lower it to the best of them,
// `rise` better ones raise it to the worst of them.
type row struct {
	fall, rise int
	vote       failover.Vote

	way   int // below 0: the row is of worse outcomes; above: of better ones
	count int
	first time.Time // when the first of the row was asked
	to    failover.Answer
}

// notAskedWay is the row of questions that could not be asked.
const notAskedWay = -2

// rank orders answers. Whatever was never heard is below what answers.
func rank(a failover.Answer) int {
	switch a {
	case failover.Alive:
		return 3
	case failover.Busy:
		return 2
	case failover.Silent:
		return 0
	default:
		return 1
	}
}

func (r *row) note(o outcome) {
	r.vote.Why = o.why
	way := cmp.Compare(rank(o.answer), rank(r.vote.Answer))
	if o.answer == failover.Unknown {
		way = notAskedWay
	} else {
		r.vote.Asked = o.ended
	}
	if o.answer == failover.Alive || o.answer == failover.Busy {
		r.vote.Heard = o.ended
	}
	r.extend(way, o)
	if r.count >= r.enough() {
		r.vote.Answer, r.vote.Since = r.to, r.first
		r.way, r.count = 0, 0
	}
}

// extend adds an outcome to the row, or begins another one.
func (r *row) extend(way int, o outcome) {
	if way != r.way {
		r.way, r.count, r.first, r.to = way, 0, o.asked, o.answer
	}
	if way == 0 || way == notAskedWay && r.vote.Answer == failover.Unknown {
		r.count = 0
		return
	}
	r.count++
	if (way < 0) == (rank(o.answer) > rank(r.to)) {
		r.to = o.answer
	}
}

// enough is how long the row must be. What was never heard is believed at once.
func (r *row) enough() int {
	switch {
	case r.way == 0:
		return 1
	case r.way < 0:
		return r.fall
	case r.vote.Answer == failover.Unknown:
		return 1
	default:
		return r.rise
	}
}
