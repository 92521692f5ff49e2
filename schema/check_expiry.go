package schema

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
)

func (c checked) checkExpiry() hcl.Diagnostics {
	e := c.SIPExpiry
	switch {
	case e.Min == 0, e.Max == 0, e.Default == 0:
		return hcl.Diagnostics{failing(c.blockAt("sip_expiry"), "Missing expiry values", "Neither this file nor the platform says all of sip_expiry. Write min, max and default.")}
	case e.Min > e.Max:
		return c.disorder("min", e.Min, "max", e.Max)
	case e.Min > e.Default:
		return c.disorder("min", e.Min, "default", e.Default)
	case e.Default > e.Max:
		return c.disorder("default", e.Default, "max", e.Max)
	}
	return nil
}

// disorder points at the one of two values that the user has set.
func (c checked) disorder(low string, lower time.Duration, high string, higher time.Duration) hcl.Diagnostics {
	at := c.at("sip_expiry." + low)
	if c.values["sip_expiry."+low].from < c.values["sip_expiry."+high].from {
		at = c.at("sip_expiry." + high)
	}
	return hcl.Diagnostics{failing(at, "Expiry values out of order",
		fmt.Sprintf("sip_expiry.%s (%s) is longer than sip_expiry.%s (%s, %s). Set them so that min ≤ default ≤ max.",
			low, short(lower), high, short(higher), c.whose("sip_expiry."+high)))}
}

func (c checked) whose(path string) string {
	if c.values[path].from == fromUser {
		return "from " + c.Origin(path)
	}
	return "the platform's"
}

// checkOutage compares what phones can take to notice with what was promised. A
// node without HA promises nothing, and a standby has the values of its master
// where they come with the database.
func (c checked) checkOutage() hcl.Diagnostics {
	worst, promised := MaxNotice(c.SIPExpiry.Max), c.Objective.MaxOutage
	if worst <= promised || c.Node.Role == Disabled || c.Node.Role == Slave && c.Database.Enabled || c.checkExpiry().HasErrors() {
		return nil
	}
	at := c.at("sip_expiry.max")
	if c.values["objective.max_outage"].from == fromUser && c.values["sip_expiry.max"].from != fromUser {
		at = c.at("objective.max_outage")
	}
	return hcl.Diagnostics{warning(at, "Phones may take longer than promised", fmt.Sprintf(
		"With sip_expiry.max = %q a phone may notice a dead server after %s only: %s and the %s of SIP Timer F (RFC 3261 §17.1.2.2). objective.max_outage promises %s. %s",
		short(c.SIPExpiry.Max), short(worst), seconds(c.SIPExpiry.Max), seconds(timerF), short(promised), c.mend()))}
}

// mend is the sentence that says which values keep the promise.
func (c checked) mend() string {
	e := c.SIPExpiry
	fits := c.Objective.MaxOutage - timerF
	if minutes := fits.Truncate(time.Minute); minutes >= e.Min {
		fits = minutes
	}
	if fits < e.Min || fits <= 0 {
		return fmt.Sprintf("No max from sip_expiry.min = %q on keeps that. Set objective.max_outage = %q, or a shorter sip_expiry.min as well.", short(e.Min), short(MaxNotice(e.Max)))
	}
	if e.Default > fits {
		return fmt.Sprintf("Set sip_expiry.max = %q and sip_expiry.default = %q in ha.hcl.", short(fits), short(fits))
	}
	return fmt.Sprintf("Set sip_expiry.max = %q in ha.hcl.", short(fits))
}
