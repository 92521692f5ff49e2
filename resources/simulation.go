package resources

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/schema"
)

// What a simulation takes for granted, since no ha.hcl says it.
const (
	// ServicesStart is until the telephony of a passive node answers; with the stop
	// it is the 45 s of a restart.
	ServicesStart = 30 * time.Second
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
		Policy: policy, Probes: simulatedProbes(cfg.Failover),
		Boot: hostBoot, Start: ServicesStart, Stop: servicesStop, Reopen: channelReopen,
		Refuses: cfg.Platform.Telephony.Service == "", // wazo-service stop has iptables drop SIP
		Phones:  simulate.Phones{Count: phones, Min: cfg.SIPExpiry.Default, Max: cfg.SIPExpiry.Max, TryAgain: phoneTryAgain},
	}
}

func simulatedProbes(f schema.Failover) []simulate.Probe {
	var list []simulate.Probe
	add := func(name string, kind failover.Kind, p schema.Probe) {
		list = append(list, simulate.Probe{Name: name, Kind: kind, Interval: p.Interval, Timeout: p.Timeout, Fall: p.Fall, Rise: p.Rise})
	}
	for _, host := range []struct {
		name string
		schema.Probe
	}{{"ping", f.Ping}, {"tcp", f.TCP}, {"http", f.HTTP}, {"postgresql", f.PostgreSQL}} {
		if host.Enabled {
			add(host.name, failover.Host, host.Probe)
		}
	}
	if f.SIP.Enabled {
		for _, transport := range f.SIP.Transports {
			add("sip "+transport, failover.SIP, f.SIP)
		}
	}
	for _, witness := range f.Witnesses {
		add("witness "+witness.String(), failover.Witness, f.Ping)
	}
	if len(f.Witnesses) == 0 {
		add("witness", failover.Witness, f.Ping)
	}
	return list
}
