package sip

import (
	"crypto/rand"
	"strings"
)

// A Transaction is what a response to one request is known by.
type Transaction struct {
	Branch, Tag, CallID string // nobody can guess them
	CSeq                uint32
	Method              string
}

// Branch makes a branch for a new transaction (RFC 3261 §8.1.1.7).
func Branch() string { return "z9hG4bK" + rand.Text() }

// Answered tells whether a response is to this request (RFC 3261 §17.1.3,
// §8.1.3.3).
func (t Transaction) Answered(r Response) bool {
	return r.Branch == t.Branch && r.Vias == 1 && r.CallID == t.CallID && strings.Contains(r.From, ";tag="+t.Tag) && r.CSeq == t.CSeq && r.Method == t.Method
}
