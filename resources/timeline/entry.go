package timeline

import (
	"cmp"
	"time"
)

// Entry is something that happened, as a log tells it.
type Entry struct {
	At    time.Time `json:"at"`
	Node  string    `json:"node,omitempty"` // whose log it is, where that was said
	From  string    `json:"from"`           // the program
	Level string    `json:"level,omitempty"`
	Text  string    `json:"text"` // in one line, without control characters
	File  string    `json:"file,omitempty"`
	Line  int64     `json:"line,omitempty"` // in the file, from 1
}

func earlier(a, b Entry) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Line, b.Line))
}

// Span is which part of time is told; a zero bound is none.
type Span struct{ Since, Until time.Time }

// Has tells whether a time is within.
func (s Span) Has(at time.Time) bool {
	return (s.Since.IsZero() || !at.Before(s.Since)) && (s.Until.IsZero() || !at.After(s.Until))
}
