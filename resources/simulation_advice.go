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
	over := r.Longest() - cfg.Objective.MaxOutage
	waited := r.Takeovers[0].From
	switch {
	case e.Max >= waited:
		return less("sip_expiry.max", e.Max, over, e.Min)
	case waited >= f.Degraded:
		return less("failover.degraded", f.Degraded, over, f.Unreachable)
	}
	return less("failover.unreachable", f.Unreachable, over, time.Second)
}

// less makes a value shorter by at least so much, where the least that it may be
// admits that.
func less(argument string, value, by, least time.Duration) string {
	fits := value - by
	if minutes := fits.Truncate(time.Minute); minutes >= least {
		fits = minutes
	}
	if fits < least || fits <= 0 {
		return fmt.Sprintf("Most of that comes from %s (%s); to make it as short as it may be is not enough.", argument, Span(value))
	}
	return fmt.Sprintf("Set %s = %q.", argument, Span(fits))
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
