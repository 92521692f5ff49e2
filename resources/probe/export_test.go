package probe

import "time"

// SIPPace is what ha.hcl presets for SIP: a dead server is known within 8 seconds,
// and two such probes stay below what a server takes from one address.
func SIPPace() Pace { return Pace{3 * time.Second, 2 * time.Second, 2, 2} }

// ServicePace is what it presets for HTTP, PostgreSQL and TCP.
func ServicePace() Pace { return Pace{5 * time.Second, 2 * time.Second, 2, 2} }
