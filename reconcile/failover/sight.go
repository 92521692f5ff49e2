package failover

import "time"

// An Answer is what a probe makes of its target, after as many answers or
// silences in a row as it waits for.
type Answer string

// The answers of a probe.
const (
	Unknown Answer = ""       // not asked yet
	Alive   Answer = "alive"  // it answers
	Busy    Answer = "busy"   // it answers that it is overloaded (SIP 503, RFC 3261 §21.5.4)
	Silent  Answer = "silent" // it does not answer, or not as it should
)

// A Kind says what a probe's answer proves.
type Kind string

// The kinds of probe.
const (
	Host    Kind = "host"    // the peer's host is up
	SIP     Kind = "sip"     // the peer's telephony serves
	Witness Kind = "witness" // this node is not cut off
)

// A Vote is how one probe stands.
type Vote struct {
	Name   string    `json:"name"` // "sip udp", "witness 10.0.0.254"
	Kind   Kind      `json:"kind"`
	Answer Answer    `json:"answer,omitempty"`
	Since  time.Time `json:"since,omitzero"` // of this answer: when the first of its row was asked for
	Asked  time.Time `json:"asked,omitzero"` // when the last question ended
	Heard  time.Time `json:"heard,omitzero"` // when it last answered; zero: never since the probe began
	Why    string    `json:"why,omitempty"`  // what the last question ended with, for people
}

// An Ask is what one node's hotpair asks of the other's.
type Ask string

// What a standby asks of its master.
const (
	Nothing   Ask = ""
	StandDown Ask = "stand down" // its telephony looks dead: stop it, unless it is well
	HandOver  Ask = "hand over"  // an operator wants the standby to serve
	Return    Ask = "return"     // serve again
)

// A Report is what the peer's own hotpair says of its node.
type Report struct {
	At        time.Time `json:"at,omitzero"`     // when it arrived, by this node's clock
	Serving   bool      `json:"serving"`         // its telephony runs and is not disabled
	SIP       Answer    `json:"sip,omitempty"`   // what it hears from its own SIP server
	StoodDown bool      `json:"stood_down"`      // it stopped serving since it was asked to
	Asks      Ask       `json:"asks,omitempty"`  // of this node
	Paused    time.Time `json:"paused,omitzero"` // until when an operator works there; zero: nobody does
}

// Self is what this node knows of itself.
type Self struct {
	Serving       bool      // its telephony runs and is not disabled
	Cut           bool      // its link to the peer has no carrier
	Booted        time.Time // when the node was started
	Replicated    time.Time // the last good replication to here; zero: never
	Calls         int       // going on; -1: not known
	Registrations int       // of phones here; -1: not known
}

// Sight is all that is seen at one moment.
type Sight struct {
	Self   Self
	Votes  []Vote
	Report *Report // nil: none came yet
}
