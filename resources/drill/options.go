package drill

import (
	"net/netip"
	"time"
)

// A Node is one of the pair.
type Node int

// The nodes of a pair.
const (
	Master Node = iota
	Standby
)

// String is the node as people call it.
func (n Node) String() string { return [...]string{"master", "standby"}[n] }

func (n Node) other() Node { return 1 - n }

// Options are what phones are like.
type Options struct {
	Servers [2]netip.AddrPort // by Node
	Phones  int               // at least 1
	User    string            // that all of them register; "": each a name of its own
	// Password gives the password of User; nil: there is none.
	Password func() string
	Domain   string        // of what is registered; "": the address of each server
	Expiry   time.Duration // that phones ask for
	TimerF   time.Duration // how long an answer is waited for (RFC 3261 §17.1.2.2); 32 s on real phones
}

// beat is from one OPTIONS to the next, and beatLimit how long it may take.
const (
	beat      = 5 * time.Second
	beatLimit = 2 * time.Second
)

// longest is more than any registrar grants.
const longest = 24 * time.Hour

// The times of RFC 3261 §17.1.2.2, which Timer F is 64 and 8 of.
func (o Options) timerT1() time.Duration { return o.TimerF / 64 }
func (o Options) timerT2() time.Duration { return o.TimerF / 8 }

// short is how long a phone at the standby asks the master, which may be away.
func (o Options) short() time.Duration { return o.TimerF / 16 }
