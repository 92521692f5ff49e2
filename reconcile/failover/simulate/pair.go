package simulate

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// A Pair is what is simulated. Times are whole seconds.
type Pair struct {
	Policy  failover.Policy // of both nodes
	Probes  []Probe         // by which the standby watches
	Boot    time.Duration   // from power to a host that answers, and to its hotpair
	Start   time.Duration   // until started services answer
	Stop    time.Duration   // until they are stopped
	Reopen  time.Duration   // until the master's hotpair has the channel again
	Refuses bool            // a host without services refuses requests; else it drops them
	Phones  Phones
	Seed    uint64
}

// A Probe is how the standby asks for one thing.
type Probe struct {
	Name              string
	Kind              failover.Kind
	Interval, Timeout time.Duration // the timeout is no longer than the interval
	Fall, Rise        int           // silences, and answers, in a row that count
}

// Phones are all that are registered at the pair.
type Phones struct {
	Count    int
	Min, Max time.Duration // of their registrations, evenly spread
	TryAgain time.Duration // after neither node answered
}

// A Node is one of the two.
type Node int

// The nodes of a pair.
const (
	Master Node = iota
	Standby
	nobody Node = -1
)

func (n Node) String() string {
	switch n {
	case Master:
		return "master"
	case Standby:
		return "standby"
	}
	return ""
}

func (n Node) other() Node { return 1 - n }
