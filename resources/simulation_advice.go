package resources

import (
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/schema"
)

// Kept says whether the longest outage of a simulation keeps
// objective.max_outage, and where it does not, which one value to change.
func Kept(cfg *schema.Config, r simulate.Result) (kept bool, said string) {
	longest, promised := r.Longest(), cfg.Objective.MaxOutage
	if longest <= promised && r.Unserved == 0 {
		return true, fmt.Sprintf("The longest outage is %s: objective.max_outage (%s) is kept.", Span(longest), Span(promised))
	}
	return false, fmt.Sprintf("The longest outage is %s, and objective.max_outage promises %s. %s", Span(longest), Span(promised), shorten(cfg, r))
}

// shorten names the value that the largest part of the longest outage comes from.
func shorten(cfg *schema.Config, r simulate.Result) string {
	f, e := cfg.Failover, cfg.SIPExpiry
	switch {
	case r.Held && f.Manual:
		return "Set failover.mode = \"automatic\"."
	case r.CutOff:
		return "The standby took itself for cut off: add an address to failover.witnesses that answers also while the master does not."
	case r.Held && f.HoldUntold:
		return "Set failover.untold = \"take_over\"."
	case len(r.Takeovers) == 0:
		return "The standby did not take over, and no value of ha.hcl makes that shorter."
	}
	waited := r.Takeovers[0].From
	switch {
	case e.Max >= waited:
		return shorterExpiry(cfg, r.Longest()-cfg.Objective.MaxOutage)
	case waited >= f.Degraded:
		return most("failover.degraded", f.Degraded)
	}
	return most("failover.unreachable", f.Unreachable)
}

// shorterExpiry makes the longest expiry shorter by at least so much: a phone
// notices as much sooner.
func shorterExpiry(cfg *schema.Config, by time.Duration) string {
	e := cfg.SIPExpiry
	fits := min(e.Max-by, cfg.Objective.MaxOutage-schema.MaxNotice(0))
	if minutes := fits.Truncate(time.Minute); minutes >= e.Min {
		fits = minutes
	}
	switch {
	case fits < e.Min || fits <= 0:
		return most("sip_expiry.max", e.Max)
	case fits < e.Default:
		return fmt.Sprintf("Set sip_expiry.max = %q, and default to no more.", Span(fits))
	}
	return fmt.Sprintf("Set sip_expiry.max = %q.", Span(fits))
}

func most(argument string, value time.Duration) string {
	return fmt.Sprintf("Most of that comes from %s (%s): make it shorter.", argument, Span(value))
}

// Span is a duration as ha.hcl has it: "4m", "1h30m", "4m32s".
func Span(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
