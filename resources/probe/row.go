package probe

import (
	"github.com/hotpair/hotpair/reconcile/failover"
)

// A row makes a vote of outcomes. Answers have an order, Silent below Busy below
// Alive: a vote falls to the best of the last `fall` outcomes, and rises to the
// worst of the last `rise`. What was never heard is believed at once.
type row struct {
	fall, rise int
	vote       failover.Vote
	last       []outcome // of questions that were asked, as many as count; oldest first
	unasked    []outcome // of those that could not be, since the last that was
}

func (r *row) note(o outcome) {
	r.vote.Why = o.why
	if o.answer == failover.Unknown {
		r.missed(o)
		return
	}
	r.unasked = nil
	r.vote.Asked = o.ended
	if o.answer != failover.Silent {
		r.vote.Heard = o.ended
	}
	r.last = newest(append(r.last, o), max(r.fall, r.rise))
	if !r.settle(r.fall, func(answer failover.Answer) bool { return rank(answer) < rank(r.vote.Answer) }) {
		rise := r.rise
		if r.vote.Answer == failover.Unknown {
			rise = 1
		}
		r.settle(rise, func(answer failover.Answer) bool { return rank(answer) > rank(r.vote.Answer) })
	}
}

// calm tells whether it is alive as it was before, or was asked often enough and
// never heard.
func (r *row) calm() bool {
	if r.vote.Heard.IsZero() {
		return max(len(r.last), len(r.unasked)) >= r.fall
	}
	return r.vote.Answer == failover.Alive && len(r.unasked) == 0 && r.last[len(r.last)-1].answer == failover.Alive
}

// settle changes the vote if so many of the last outcomes differ from it in the
// same way, to the one that differs least.
func (r *row) settle(count int, differs func(failover.Answer) bool) bool {
	if len(r.last) < count {
		return false
	}
	outcomes := newest(r.last, count)
	to := outcomes[0].answer
	for _, o := range outcomes {
		if !differs(o.answer) {
			return false
		}
		if nearer(o.answer, to, r.vote.Answer) {
			to = o.answer
		}
	}
	r.vote.Answer, r.vote.Since = to, outcomes[0].asked
	return true
}

// missed notes a question that could not be asked. After as many as make
// silence, what the target does is not known any more.
func (r *row) missed(o outcome) {
	r.unasked = append(r.unasked, o)
	if r.vote.Answer == failover.Unknown || len(r.unasked) < r.fall {
		r.unasked = newest(r.unasked, r.fall)
		return
	}
	r.vote.Answer, r.vote.Since = failover.Unknown, r.unasked[0].asked
	r.last = nil
}

// rank orders answers. Whatever was never heard is below what answers.
func rank(a failover.Answer) int {
	switch a {
	case failover.Alive:
		return 3
	case failover.Busy:
		return 2
	case failover.Unknown:
		return 1
	}
	return 0
}

// nearer tells whether an answer is nearer to a third one than another is.
func nearer(a, than, to failover.Answer) bool {
	distance := func(x failover.Answer) int { return max(rank(x)-rank(to), rank(to)-rank(x)) }
	return distance(a) < distance(than)
}

// newest are the last so many outcomes, in a memory of their own size.
func newest(list []outcome, count int) []outcome {
	return append([]outcome(nil), list[max(0, len(list)-count):]...)
}
