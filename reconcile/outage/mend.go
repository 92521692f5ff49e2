package outage

import (
	"slices"
	"time"
)

// A Mend is the one value to change, and to what. Argument is a path of ha.hcl;
// it is empty where no single value keeps the promise.
type Mend struct {
	Argument string
	Value    time.Duration
	Then     time.Duration // the longest outage with it
	Phones   string        // the profile whose phones have to be set so first
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
			return Mend{Argument: r.argument, Value: value, Then: then}
		}
	}
	return mendRetry(p, profiles)
}

// mendRetry finds how soon phones have to ask again where nothing else helps.
func mendRetry(p Pair, profiles []Profile) Mend {
	for i, f := range profiles {
		changed := slices.Clone(profiles)
		late := max(excess(p, profiles[i:i+1], Host), excess(p, profiles[i:i+1], Telephony))
		changed[i].Retry = (f.Retry - late).Truncate(time.Second)
		if changed[i].Retry <= 0 {
			continue
		}
		if then := (Budget{Lines: lines(p, changed)}).Longest(); then <= p.Promised {
			return Mend{"profile." + f.Name + ".retry", changed[i].Retry, then, f.Name}
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
