package simulate

import "time"

// services are a node's telephony.
type services struct {
	state   state
	until   time.Time // a start or a stop ends
	enabled bool      // they start with the host
}

type state string

const (
	stopped  state = "services are stopped"
	starting state = "services start"
	running  state = "services run"
	stopping state = "services stop"
)

// pass ends what is done, and tells whether anything has.
func (s *services) pass(now time.Time) bool {
	if s.state != starting && s.state != stopping || now.Before(s.until) {
		return false
	}
	if s.state == starting {
		s.state = running
	} else {
		s.state = stopped
	}
	return true
}

// turn starts or stops them, and tells whether that was due. A start or stop
// that goes on is waited for.
func (s *services) turn(now time.Time, serve bool, p *Pair) bool {
	switch {
	case serve && s.state == stopped:
		s.state, s.until, s.enabled = starting, now.Add(p.Start), true
	case !serve && s.state == running:
		s.state, s.until, s.enabled = stopping, now.Add(p.Stop), false
	default:
		return false
	}
	return true
}
