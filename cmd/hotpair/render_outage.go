package main

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// mostProfiles are shown where not all are asked for.
const mostProfiles = 3

// outageLines say how long phones can be without a server: the first what was
// promised, the others why, and what to do.
func (a *app) outageLines(cfg *schema.Config, o resources.Outage) []string {
	fits := o.Longest() <= o.Pair.Promised
	lines := []string{headline(o, fits)}
	if len(o.Lines) == 1 && fits {
		lines[0] += ": " + times(o, o.Lines[0])
	} else {
		lines = append(lines, a.profileLines(o)...)
	}
	if !fits {
		lines = append(lines, why(o), mended(cfg, o.Budget))
	}
	lines = append(lines, assumed(o)...)
	if n := len(o.Without); n > 0 {
		list := listed(o.Without)
		if a.details {
			list = strings.Join(o.Without, ", ")
		}
		lines = append(lines, fmt.Sprintf("No backup server is possible for %s: %s", count(n, "phone"), list))
	}
	lines = append(lines, byHand(cfg)...)
	for i := range lines {
		lines[i] = clean(lines[i]) + "."
	}
	return lines
}

func headline(o resources.Outage, fits bool) string {
	longest, promised, here := spelled(o.Longest()), spelled(o.Pair.Promised), ""
	if o.Pair.Expiry == 0 {
		here = "as far as this node decides, "
	}
	switch {
	case len(o.Lines) == 0:
		return "no phone here can have a backup server, so all wait for the master"
	case fits:
		return fmt.Sprintf("%sat most %s of the promised %s", here, longest, promised)
	}
	return fmt.Sprintf("%sup to %s, and %s are promised", here, longest, promised)
}

// profileLines are those of the profiles that take longest.
func (a *app) profileLines(o resources.Outage) []string {
	var lines []string
	for i, l := range o.Lines {
		if i == mostProfiles && !a.details && len(o.Lines) > mostProfiles+1 {
			return append(lines, fmt.Sprintf("%d more kinds of phones, none longer: see `hotpair plan --details`", len(o.Lines)-i))
		}
		lines = append(lines, capitalised(times(o, l)))
	}
	return lines
}

// times are how long a failover and a failback take for phones of one profile.
func times(o resources.Outage, l outage.Line) string {
	if o.Pair.Expiry == 0 && l.Profile.To.ByRegistration {
		return fmt.Sprintf("%s, %s after the death of the master, %s after that of its telephony", phonesOf(l.Profile), spelled(l.Host.Outage), spelled(l.Telephony.Outage))
	}
	failover := "failover " + spelled(l.Host.Outage)
	if l.Telephony.Outage != l.Host.Outage {
		failover += fmt.Sprintf(" (%s where only the telephony dies)", spelled(l.Telephony.Outage))
	}
	return fmt.Sprintf("%s, %s, failback %s", phonesOf(l.Profile), failover, spelled(l.Failback.Outage))
}

// phonesOf names the phones of a profile: "12 yealink phones".
func phonesOf(f outage.Profile) string {
	kind, by := f.Name+" ", ""
	if f.Name == schema.Generic {
		kind, by = "", " by registration"
	}
	if f.Phones == 0 {
		return kind + "phones" + by
	}
	return count(f.Phones, kind+"phone") + by
}

// assumed says what of it nobody knows.
func assumed(o resources.Outage) []string {
	var lines, parts []string
	switch {
	case o.Damaged != nil:
		lines = append(lines, capitalised(o.Damaged.Error()))
	case !o.Measured:
		parts = append(parts, spelled(o.Pair.Start)+" for the services' start, which was not measured here yet")
	}
	if o.Unknown != "" {
		parts = append(parts, phonesOf(o.Lines[0].Profile)+", since "+o.Unknown)
	}
	if len(parts) > 0 {
		lines = append(lines, "Assumed: "+strings.Join(parts, "; "))
	}
	if o.Pair.Expiry == 0 {
		lines = append(lines, "When phones notice depends on the master's sip_expiry.max: see `hotpair plan` there, or write it into this ha.hcl too")
	}
	return lines
}

// byHand says what ha.hcl leaves to people, who are in no budget.
func byHand(cfg *schema.Config) []string {
	switch f := cfg.Failover; {
	case f.Manual:
		return []string{"failover.mode is \"manual\": add the time until somebody runs `hotpair failover`"}
	case f.HoldUntold:
		return []string{"failover.untold is \"hold\": where only the telephony dies, and the master cannot be asked to stand down, add the time until somebody runs `hotpair failover`"}
	}
	return nil
}
