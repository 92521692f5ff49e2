package alert

import (
	"cmp"
	"slices"
	"time"
)

// A Condition is something that an operator should know while it lasts.
type Condition struct {
	Code   string `json:"code"`         // stable: "replication_failed"
	Of     string `json:"of,omitempty"` // of what, where several may last at a time
	Urgent bool   `json:"-"`            // it is told at once
	// Least is how long it must last at least, whatever the policy.
	Least time.Duration `json:"-"`
	Since time.Time     `json:"since,omitzero"` // as far as is known
	Title string        `json:"title"`          // a clause: "the database is not replicated"
	Over  string        `json:"over"`           // the same of its end: "the database is replicated again"
	Text  string        `json:"text"`           // sentences
	Do    string        `json:"do"`             // what to do, in sentences
}

// Key tells conditions apart that may last at a time.
func (c Condition) Key() string {
	if c.Of == "" {
		return c.Code
	}
	return c.Code + "/" + c.Of
}

// Policy is what one receiver wants. All times but Remind are positive.
type Policy struct {
	On     []string      // codes; none: all
	Remind time.Duration // how often to tell again of what lasts; 0: never
	After  time.Duration // how long a condition that is not urgent must last
	Clear  time.Duration // how long it must be over
}

func (p Policy) wants(code string) bool { return len(p.On) == 0 || slices.Contains(p.On, code) }

// Look is all that is seen at one moment.
type Look struct {
	Conditions []Condition
	Unseen     []string // the codes of conditions that could not be looked for
}

// An Event is what a message tells of a condition.
type Event string

// The events of a condition, and the one of no condition.
const (
	Begin    Event = "begin"
	Reminder Event = "reminder"
	Clear    Event = "clear"
	Test     Event = "test"
)

// A Message is due to a receiver.
type Message struct {
	Event     Event
	Condition Condition
	Ended     time.Time // of Clear: when it was first seen to be over
}

// State is what is known of one condition.
type State struct {
	Condition Condition   `json:"condition"`
	First     time.Time   `json:"first"`             // since when it is seen
	Gone      time.Time   `json:"gone,omitzero"`     // since when it is not; zero: it is seen
	Told      time.Time   `json:"told,omitzero"`     // when the receiver was last told that it lasts; zero: it knows of none
	Cleared   []time.Time `json:"cleared,omitempty"` // when the receiver was told ends, within the last hour
}

// Memory is what is known from one look to the next, by Condition.Key.
type Memory map[string]State

// Kept is what is worth keeping over a restart: what the receiver was told.
func (m Memory) Kept() Memory {
	kept := Memory{}
	for key, s := range m {
		if !s.Told.IsZero() || len(s.Cleared) > 0 {
			kept[key] = s
		}
	}
	return kept
}

// Told is what is known once a receiver has a message.
func (m Memory) Told(now time.Time, msg Message) Memory {
	m = m.clone()
	now = now.Round(0)
	key := msg.Condition.Key()
	s, known := m[key]
	if !known { // it ended while it was told of
		s = State{Condition: msg.Condition, First: now, Gone: now}
	}
	if s.Told = now; msg.Event == Clear {
		s.Told, s.First, s.Cleared = time.Time{}, now, append(slices.Clone(s.Cleared), now)
	}
	m[key] = s
	return m
}

// order puts what is urgent first, and begins before the rest.
func order(list []Message) {
	rank := func(m Message) int {
		return slices.Index([]Event{Begin, Clear, Reminder}, m.Event)
	}
	slices.SortFunc(list, func(a, b Message) int {
		urgent := 0
		if a.Condition.Urgent != b.Condition.Urgent {
			urgent = 1
			if a.Condition.Urgent {
				urgent = -1
			}
		}
		return cmp.Or(urgent, cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Condition.Key(), b.Condition.Key()))
	})
}
