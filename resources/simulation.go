package resources

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources/probe"
	"github.com/hotpair/hotpair/schema"
)

// What a simulation takes for granted, since no ha.hcl says it.
const (
	servicesStop  = 15 * time.Second
	hostBoot      = time.Minute
	channelReopen = 5 * time.Second
	phoneTryAgain = 30 * time.Second
)

// Simulation is the pair that ha.hcl describes, whichever of the two nodes it is
// for, with so many phones. The first event may be at any time of a day, so
// failover.failback.window is taken as open.
func Simulation(cfg *schema.Config, phones int) simulate.Pair {
	policy := FailoverPolicy(cfg)
	policy.Failback.Within = failover.Window{}
	return simulate.Pair{
		Policy: policy, Probes: simulatedProbes(cfg),
		Boot: hostBoot, Start: AssumedStart, Stop: servicesStop, Reopen: channelReopen,
		Refuses: cfg.Platform.Telephony.Service == "", // wazo-service stop has iptables drop SIP
		Phones:  simulate.Phones{Count: phones, Min: cfg.SIPExpiry.Default, Max: cfg.SIPExpiry.Max, TryAgain: phoneTryAgain},
	}
}

// simulatedProbes are those of a standby. The file does not know the default
// gateway, and there is one unless it names other witnesses.
func simulatedProbes(cfg *schema.Config) []simulate.Probe {
	var list []simulate.Probe
	add := func(name string, kind failover.Kind, p probe.Pace) {
		list = append(list, simulate.Probe{Name: name, Kind: kind, Interval: p.Interval, Timeout: p.Timeout, Fall: p.Fall, Rise: p.Rise})
	}
	for _, p := range peerProbes(cfg) {
		if p.Kind != failover.Witness {
			add(p.Name, p.Kind, p.Pace)
		}
	}
	for _, witness := range cfg.Failover.Witnesses {
		add("witness "+witness.String(), failover.Witness, probe.HostPace())
	}
	if len(cfg.Failover.Witnesses) == 0 {
		add("witness gateway", failover.Witness, probe.HostPace())
	}
	return list
}
