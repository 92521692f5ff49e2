package outage

import (
	"cmp"
	"slices"
	"time"
)

// A Term is what decides how long an outage is.
type Term string

// The terms of an outage.
const (
	Notice Term = "notice" // the phone notices late
	Retry  Term = "retry"  // the phone comes before the standby serves, and again a retry later
)

// A Worst is the longest outage of one kind, and what decides it.
type Worst struct {
	Outage time.Duration
	Term   Term
}

// A Line is what phones of one profile have to reckon with.
type Line struct {
	Profile   Profile
	Host      Worst // when the master dies
	Telephony Worst // when only its telephony does
	Failback  Worst // when the standby gives its place back
}

// Failover is the worse of the two deaths, and which it is.
func (l Line) Failover() (Worst, Death) {
	if l.Telephony.Outage > l.Host.Outage {
		return l.Telephony, Telephony
	}
	return l.Host, Host
}

// Longest is the longest outage of all.
func (l Line) Longest() time.Duration {
	failover, _ := l.Failover()
	return max(failover.Outage, l.Failback.Outage)
}

// A Budget is what everybody has to reckon with: the worst line first.
type Budget struct {
	Lines []Line
	Mend  Mend
}

// Of computes the budget of a pair for phones of several profiles.
func Of(p Pair, profiles []Profile) Budget {
	b := Budget{Lines: lines(p, profiles)}
	if b.Longest() > p.Promised {
		b.Mend = mend(p, profiles)
	}
	return b
}

// Longest is the longest outage of any phone.
func (b Budget) Longest() time.Duration {
	if len(b.Lines) == 0 {
		return 0
	}
	return b.Lines[0].Longest()
}

func lines(p Pair, profiles []Profile) []Line {
	var list []Line
	for _, f := range profiles {
		_, back := p.notice(f.Back)
		list = append(list, Line{Profile: f, Host: worst(p, f, Host), Telephony: worst(p, f, Telephony), Failback: Worst{back, Notice}})
	}
	slices.SortStableFunc(list, func(a, b Line) int { return cmp.Compare(b.Longest(), a.Longest()) })
	return list
}

func worst(p Pair, f Profile, of Death) Worst {
	shortest, longest := p.notice(f.To)
	ready := p.Ready(of)
	if shortest < ready && ready+f.again() > longest {
		return Worst{ready + f.again(), Retry}
	}
	return Worst{longest, Notice}
}
