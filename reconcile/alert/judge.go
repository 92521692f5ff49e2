package alert

import (
	"maps"
	"slices"
	"time"
)

const (
	// memorable is how long an end makes the next one of its condition wait.
	memorable = time.Hour
	// mostHold is how many times Policy.Clear that may become.
	mostHold = 30
)

// Due is what a receiver should be told.
type Due struct {
	Messages []Message
	Next     time.Time // when more may become due without a change; zero: never
}

// Judge takes in a look. Equal arguments give equal answers.
func Judge(m Memory, now time.Time, p Policy, l Look) (Memory, Due) {
	now = now.Round(0) // a monotonic clock stands still while the machine does
	m = m.clone()
	seen := map[string]bool{}
	for _, c := range l.Conditions {
		if p.wants(c.Code) {
			seen[c.Key()] = true
			m[c.Key()] = m[c.Key()].seen(c, now)
		}
	}
	var due Due
	for _, key := range slices.Sorted(maps.Keys(m)) {
		s := m[key].by(now)
		unseen := !seen[key] && slices.Contains(l.Unseen, s.Condition.Code)
		if !seen[key] && !unseen && s.Gone.IsZero() {
			s.Gone = now
		}
		if !p.wants(s.Condition.Code) || s.Told.IsZero() && len(s.Cleared) == 0 && !s.Gone.IsZero() {
			delete(m, key)
			continue
		}
		m[key] = s
		if !unseen {
			due.add(s, now, p)
		}
	}
	order(due.Messages)
	return m, due
}

// seen is a state once its condition is seen. As long as it lasts it is the same
// one, which began at one time.
func (s State) seen(c Condition, now time.Time) State {
	switch fresh := s.First.IsZero() || s.Told.IsZero() && !s.Gone.IsZero(); {
	case !fresh:
		c.Since = s.Condition.Since
	case c.Since.IsZero():
		s.First, c.Since = now, now
	default:
		s.First = now
	}
	s.Condition, s.Gone = c, time.Time{}
	return s
}

// by is a state as it can be at a time: a clock may have been set back.
func (s State) by(now time.Time) State {
	for _, t := range []*time.Time{&s.First, &s.Gone, &s.Told} {
		if t.After(now) {
			*t = now
		}
	}
	s.Cleared = slices.DeleteFunc(slices.Clone(s.Cleared), func(t time.Time) bool { return t.After(now) || now.Sub(t) >= memorable })
	return s
}

// add adds what is due of one condition, or when it will be.
func (d *Due) add(s State, now time.Time, p Policy) {
	var event Event
	var at time.Time
	switch {
	case s.Told.IsZero() && !s.Gone.IsZero():
		return
	case s.Told.IsZero() && s.Condition.Urgent:
		event, at = Begin, s.First
	case s.Told.IsZero():
		event, at = Begin, s.First.Add(max(p.After, s.Condition.Least))
	case !s.Gone.IsZero():
		event, at = Clear, s.Gone.Add(s.hold(p))
	case p.Remind > 0:
		event, at = Reminder, s.Told.Add(p.Remind)
	default:
		return
	}
	switch {
	case !at.After(now):
		d.Messages = append(d.Messages, Message{Event: event, Condition: s.Condition, Ended: s.Gone})
	case d.Next.IsZero() || at.Before(d.Next):
		d.Next = at
	}
}

// hold is how long the condition must be over.
func (s State) hold(p Policy) time.Duration {
	return p.Clear * time.Duration(min(1<<min(len(s.Cleared), 10), mostHold))
}

func (m Memory) clone() Memory {
	if m == nil {
		return Memory{}
	}
	return maps.Clone(m)
}
