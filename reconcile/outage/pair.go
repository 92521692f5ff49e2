package outage

import "time"

// TimerF is how long a phone waits for the answer to a registration (RFC 3261
// §17.1.2.2).
const TimerF = 32 * time.Second

// A Pair is what ha.hcl says of two nodes, and what is known of them.
type Pair struct {
	Promised time.Duration // objective.max_outage

	Expiry    time.Duration // the longest that a phone may ask for; 0: not known here
	MinExpiry time.Duration // the shortest: the longest cannot be set below it

	Unreachable time.Duration // until a master of which nothing answers is replaced
	Degraded    time.Duration // until one is whose telephony is silent
	Probes      time.Duration // until every probe has noticed
	Answering   time.Duration // until a master that was asked to stand down is not waited for

	Hooks time.Duration // of programs that run before the services start
	Start time.Duration // of the services
}

// A Death is what the master dies of.
type Death string

// The deaths of a master.
const (
	Host      Death = "host"      // nothing of it answers
	Telephony Death = "telephony" // its host is up, its telephony is silent
)

// Ready is how long after the death the standby serves. A limit counts from the
// last answer, and a probe that is slower than it delays the takeover.
func (p Pair) Ready(of Death) time.Duration {
	noticed := max(p.Unreachable, p.Probes)
	if of == Telephony {
		noticed = max(p.Degraded, p.Probes) + p.Answering
	}
	return noticed + p.Hooks + p.Start
}

// A Switch is how long a phone takes to ask the other server: the shortest and
// the longest, or at its next registration.
type Switch struct {
	ByRegistration bool
	Min, Max       time.Duration
}

func (p Pair) notice(s Switch) (shortest, longest time.Duration) {
	if s.ByRegistration {
		return TimerF, p.Expiry + TimerF
	}
	return s.Min, s.Max
}

// A Profile is phones that behave alike.
type Profile struct {
	Name   string
	Phones int // 0: nobody knows how many
	To     Switch
	Back   Switch
	Retry  time.Duration // until a phone asks again that came too early
}

// again is how long after it was turned away a phone may ask the standby.
func (f Profile) again() time.Duration {
	if f.To.ByRegistration {
		return f.Retry + TimerF
	}
	return f.Retry
}
