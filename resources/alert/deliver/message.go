package deliver

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/hotpair/hotpair/resources/host"
)

// Version is of the shape of a Message as JSON; it grows when a field changes
// its meaning.
const Version = 1

// A Way hands messages over. Its String tells people which it is, without
// anything secret.
type Way interface {
	Send(ctx context.Context, m Message) error
	String() string
}

// Message is what a receiver gets.
type Message struct {
	Version   int       `json:"version"`
	ID        string    `json:"id"`           // of the condition, from its begin to its end
	Event     string    `json:"event"`        // begin, reminder, clear or test
	Condition string    `json:"condition"`    // its code
	Of        string    `json:"of,omitempty"` // of what, where several may last at a time
	Title     string    `json:"title"`        // a clause
	Text      string    `json:"text"`         // sentences
	Do        string    `json:"do,omitempty"` // what to do
	Node      string    `json:"node"`
	Role      string    `json:"role,omitempty"`
	Peer      string    `json:"peer,omitempty"`
	Since     time.Time `json:"since"`
	Ended     time.Time `json:"ended,omitzero"`
	At        time.Time `json:"at"` // when this was said
}

// The longest texts of a message, in bytes; a title fits into one line of a mail
// (RFC 5322 §2.1.1).
const (
	longestTitle = 300
	longestText  = 4000
)

// Clean is a message that forges no line of a mail, a log or a terminal.
func (m Message) Clean() Message {
	for _, s := range []*string{&m.ID, &m.Condition, &m.Of, &m.Title, &m.Node, &m.Role, &m.Peer} {
		*s = shortened(host.OneLine(*s), longestTitle)
	}
	for _, s := range []*string{&m.Text, &m.Do} {
		*s = shortened(host.OneLine(*s), longestText)
	}
	m.Version = Version
	return m
}

// shortened cuts a text to so many bytes, between two characters.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}

// late words an error of a delivery that took too long.
func late(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("it did not take the message in time (timeout)")
	}
	return err
}
