package companion

import (
	"fmt"
	"time"
)

// An Answer is what a linked node says of itself.
type Answer int

// The answers. Silent is everything that does not say the one or the other.
const (
	Silent Answer = iota
	Inactive
	Active
)

// A Sight is what was heard in one round.
type Sight struct {
	Answer Answer
	From   string // the URL that answered, or of a silence the first that was asked
	Why    error  // of a silence
}

// A Policy is how much is believed.
type Policy struct {
	Rise       int           // answers in a row that say active, before the units are started
	Unanswered time.Duration // of silence, before they are stopped; 0: silence stops nothing
}

// Memory is what is known from one round to the next. The zero Memory knows
// nothing.
type Memory struct {
	answer  Answer
	since   time.Time // of the answer
	actives int       // in a row
}

// An Order is what the units are to do.
type Order int

// The orders. Hold leaves the units as they are.
const (
	Hold Order = iota
	Start
	Stop
)

// A Decision is what the units are to do, and why.
type Decision struct {
	Order  Order
	Since  time.Time // that is heard
	Reason string
}

// Decide is given what was known, and gives back what is known now and what
// should be. Equal arguments give equal answers.
func Decide(m Memory, now time.Time, p Policy, s Sight) (Memory, Decision) {
	if s.Answer != m.answer || m.since.IsZero() {
		m = Memory{answer: s.Answer, since: now}
	}
	if s.Answer == Active && m.actives < p.Rise {
		m.actives++
	}
	since := m.since.Local().Format("15:04:05")
	say := func(order Order, format string, args ...any) (Memory, Decision) {
		return m, Decision{order, m.since, fmt.Sprintf(format, args...)}
	}
	switch {
	case s.Answer == Active && m.actives < p.Rise:
		return say(Hold, "%s says since %s that the node is active, which is believed after %d answers in a row", s.From, since, p.Rise)
	case s.Answer == Active:
		return say(Start, "%s says since %s that the node is active", s.From, since)
	case s.Answer == Inactive:
		return say(Stop, "%s says since %s that the node is not active", s.From, since)
	case p.Unanswered > 0 && now.Sub(m.since) >= p.Unanswered:
		return say(Stop, "nobody has told since %s whether the node is active, which is longer than %s: %s: %s", since, p.Unanswered, s.From, s.Why)
	}
	return say(Hold, "nobody tells since %s whether the node is active, so the units stay as they are: %s: %s", since, s.From, s.Why)
}
