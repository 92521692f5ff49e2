package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/words"
	"github.com/hotpair/hotpair/schema"
)

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
func spelled(d time.Duration) string { return words.Span(d) }
