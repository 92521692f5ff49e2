package simulate

import (
	"fmt"
	"github.com/hotpair/hotpair/reconcile/failover"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	p := Pair{Policy: failover.Policy{
		Unreachable: 10 * time.Second, Degraded: 90 * time.Second, Answering: 60 * time.Second,
		Booting: 3 * time.Minute, Fresh: 15 * time.Second, Reports: 5 * time.Second,
		Failback: failover.Failback{After: 2 * time.Minute, Drain: 10 * time.Minute, Takeovers: 3},
	}, Boot: time.Minute, Start: 30 * time.Second, Stop: 15 * time.Second, Reopen: 5 * time.Second, Phones: Phones{500, 240 * time.Second, 300 * time.Second, 30 * time.Second}, Seed: 1,
		Probes: []Probe{{"ping", failover.Host, 1e9, 1e9, 3, 2}, {"sip udp", failover.SIP, 3e9, 2e9, 2, 2}, {"sip tcp", failover.SIP, 3e9, 2e9, 2, 2}, {"witness", failover.Witness, 1e9, 1e9, 3, 2}}}
	for _, s := range Scenarios() {
		b := time.Now()
		r := Run(p, s)
		fmt.Println("=====", s.Name, s.Doc, time.Since(b))
		for _, e := range r.Timeline {
			fmt.Printf("  %s %-8s %s\n", midnight.Add(e.At).Format("15:04:05"), e.Node, e.Says)
		}
		fmt.Println(r.Takeovers, "both", r.Both, "long", r.Longest(), r.Share(95), r.Share(50), r.Share(0), "unserved", r.Unserved, r.Lasted, r.Busiest, r.CutOff, r.Held, r.Stayed)
	}
}
