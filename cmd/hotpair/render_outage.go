package main

import (
	"fmt"
	"strings"
	"time"

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

// why tells what makes the longest outage.
func why(o resources.Outage) string {
	l := o.Lines[0]
	failover, of := l.Failover()
	back := l.Failback.Outage > failover.Outage
	switch {
	case back && !l.Profile.Back.ByRegistration:
		return fmt.Sprintf("Such a phone may need %s to come back to its main server", spelled(l.Profile.Back.Max))
	case !back && failover.Term == outage.Retry:
		dead := map[outage.Death]string{outage.Host: "the master", outage.Telephony: "the telephony alone"}[of]
		ready := o.Pair.Ready(of)
		return fmt.Sprintf("The standby serves %s after %s died; a phone that asked just before that is there %s later", spelled(ready), dead, spelled(failover.Outage-ready))
	case !back && !l.Profile.To.ByRegistration:
		return fmt.Sprintf("Such a phone may need %s to go to its backup server", spelled(l.Profile.To.Max))
	}
	return fmt.Sprintf("A phone that has just registered notices after sip_expiry.max (%s) and SIP Timer F (%s)", spelled(o.Pair.Expiry), spelled(outage.TimerF))
}

// mended says which value to change.
func mended(cfg *schema.Config, b outage.Budget) string {
	m, promise := b.Mend, fmt.Sprintf("objective.max_outage = %q", schema.Written(b.Longest()))
	set := fmt.Sprintf("%s = %q", m.Argument, schema.Written(m.Value))
	switch {
	case m.Argument == "":
		return "No single value keeps the promise. What can be promised is " + promise
	case m.Phones != "":
		return fmt.Sprintf("No limit in ha.hcl keeps the promise. Make these phones ask again after %s, and then set %s; or promise %s", spelled(m.Value), set, promise)
	case m.Argument == "sip_expiry.max" && cfg.SIPExpiry.Default > m.Value:
		set += fmt.Sprintf(" and sip_expiry.default = %q", schema.Written(m.Value))
	}
	return fmt.Sprintf("Set %s in %s: then at most %s", set, fileFor(cfg, m.Argument), spelled(m.Then))
}

// fileFor is where an argument takes effect: the standby watches, and the expiry
// comes from the master. The other node reckons with it.
func fileFor(cfg *schema.Config, argument string) string {
	switch failover := strings.HasPrefix(argument, "failover."); {
	case failover && cfg.Node.Role == schema.Master:
		return "the ha.hcl of both nodes"
	case !failover && cfg.Node.Role == schema.Slave && cfg.Database.Enabled:
		return "the ha.hcl of both nodes"
	}
	return "ha.hcl"
}

// spelled is a time span to the second, rounded up: "4 min 47 s".
func spelled(d time.Duration) string {
	s := int((d + time.Second - 1) / time.Second)
	var parts []string
	for _, unit := range []struct {
		size int
		name string
	}{{3600, "h"}, {60, "min"}, {1, "s"}} {
		if n := s / unit.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
		}
		s %= unit.size
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}
