package resources

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
	"github.com/hotpair/hotpair/schema"
)

// sipChecks ask both nodes by OPTIONS. A standby that does not answer is as it
// should be.
func sipChecks(ctx context.Context, cfg *schema.Config) []Check {
	servers, err := SIPServers(cfg)
	if err != nil {
		return []Check{{Name: "network", Says: "this node does not reach the master: " + err.Error(), Mend: "mend this node's network"}}
	}
	master := sipCheck(ctx, "sip master", servers[0], cfg.Failover.SIP.Timeout)
	if master.Took == 0 {
		master.Mend = "see whether the master's SIP server runs, and whether a firewall or a ban keeps this node off"
	}
	standby := sipCheck(ctx, "sip standby", servers[1], cfg.Failover.SIP.Timeout)
	if standby.Took == 0 {
		standby.Says += "; a standby's services are stopped"
	}
	return []Check{master, standby}
}

func sipCheck(ctx context.Context, name string, at netip.AddrPort, limit time.Duration) Check {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	answer, err := probe.SIPUDP{Target: probe.Target{To: at}}.Ask(ctx)
	if answer != failover.Alive {
		return Check{Name: name, Says: fmt.Sprintf("%s does not answer OPTIONS over UDP: %s", at, probe.Explain(err, limit))}
	}
	took := time.Since(began)
	return Check{Name: name, Says: fmt.Sprintf("%s answers OPTIONS over UDP within %s", at, took.Round(100*time.Microsecond)), Took: took}
}
