package resources

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/schema"
)

// The times of a failover that no operator needs to set.
const (
	// answering is longer than the stock scripts' stop of all services.
	answering = time.Minute
	// booting is what a server and its Asterisk may need to start.
	booting = 3 * time.Minute
	// reportsFresh is some reports long: they come each second.
	reportsFresh = 5 * time.Second
	// aPause is longer than any hiccup of a loaded machine.
	aPause = 15 * time.Second
)

// FailoverPolicy is how this node decides who serves.
func FailoverPolicy(cfg *schema.Config) failover.Policy {
	f := cfg.Failover
	fresh := aPause
	for _, p := range []schema.Probe{f.Ping, f.SIP, f.TCP, f.HTTP, f.PostgreSQL} {
		if p.Enabled {
			fresh = max(fresh, 2*(p.Interval+p.Timeout))
		}
	}
	return failover.Policy{
		Master: cfg.Node.Role == schema.Master, Manual: f.Manual,
		Unreachable: f.Unreachable, Degraded: f.Degraded, HoldUntold: f.HoldUntold,
		Answering: answering, Booting: booting, Fresh: fresh, Reports: reportsFresh,
		Failback: failover.Failback{Manual: f.Failback.Manual, After: f.Failback.After, Drain: f.Failback.Drain,
			Within: failover.Window{From: f.Failback.WindowFrom, To: f.Failback.WindowTo}, Takeovers: f.Failback.Takeovers},
	}
}
