package outage

import "time"

// A Mend is the one argument of ha.hcl to change, and to what. Argument is empty
// where no single one keeps the promise.
type Mend struct {
	Argument string
	Value    time.Duration
	Then     time.Duration // the longest outage with it
}

// aRestart is by how much the limit for silent telephony has to be longer than
// a start of the services: a restart is no death.
const aRestart = 15 * time.Second

// A remedy is an argument, the longest value that could keep the promise, and
// the shortest that makes sense.
type remedy struct {
	argument        string
	longest, lowest time.Duration
	set             func(p *Pair, d time.Duration)
}

// mend finds the value that keeps the promise: the expiry first, which costs
// nothing but some registrations.
func mend(p Pair, profiles []Profile) Mend {
	for _, r := range []remedy{
		{"sip_expiry.max", wholeMinutes(p.Promised-TimerF, p.MinExpiry), p.MinExpiry, func(p *Pair, d time.Duration) { p.Expiry = d }},
		{"failover.degraded", p.Degraded - excess(p, profiles, Telephony), max(p.Unreachable, p.Start+aRestart), func(p *Pair, d time.Duration) { p.Degraded = d }},
		{"failover.unreachable", p.Unreachable - excess(p, profiles, Host), p.Probes, func(p *Pair, d time.Duration) { p.Unreachable = d }},
	} {
		value := r.longest.Truncate(time.Second)
		if value < r.lowest || value <= 0 {
			continue
		}
		changed := p
		r.set(&changed, value)
		if then := (Budget{Lines: lines(changed, profiles)}).Longest(); then <= p.Promised {
			return Mend{r.argument, value, then}
		}
	}
	return Mend{}
}

// excess is by how much the standby would have to be sooner.
func excess(p Pair, profiles []Profile, of Death) time.Duration {
	var most time.Duration
	for _, f := range profiles {
		if w := worst(p, f, of); w.Term == Retry {
			most = max(most, w.Outage-p.Promised)
		}
	}
	return most
}

// wholeMinutes is a time that a person would write, unless that is below a limit.
func wholeMinutes(d, lowest time.Duration) time.Duration {
	if minutes := d.Truncate(time.Minute); minutes >= lowest && minutes > 0 {
		return minutes
	}
	return d
}
