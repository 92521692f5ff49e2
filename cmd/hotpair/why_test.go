package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/record"
	"github.com/hotpair/hotpair/resources/takeover"
)

func (b box) why() string { b.t.Helper(); return b.expect(exitOK, "why").out }

// tells waits until why says each of some things: probes answer one by one.
func (g *guarded) tells(parts ...string) {
	g.t.Helper()
	for _, part := range parts {
		g.soon(part, func() bool { return strings.Contains(g.why(), part) })
	}
}

// A standby's daemon, its master alive, dead and back: each time why says what
// would have it act.
func TestWhyFollowsATakeover(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.79.1")
	g.put("etc/hotpair/ha.d/slow.hcl", "failover {\n  degraded = \"40s\"\n}\n") // long enough to be looked at
	g.contains(g.why(), "`hotpair watch` does not run on this node. Who serves is decided by the stock master check, if cron runs it", "Start the daemon with `systemctl start hotpair`",
		"Nobody keeps this node as ha.hcl says while `hotpair watch` does not run")
	g.watch()
	g.tells("The master is healthy since", "Its role is slave, as /etc/hotpair/ha.hcl:4:3 says, and its peer is 127.0.79.1.", "Stands by      Since ", ": it is the standby.",
		"sip udp: answers since ", ": the master's telephony serves", "or when its SIP server has not for 40s while its host does (failover.degraded)", "`hotpair failover` takes over by hand.",
		"Lately         ", "hotpair: watching (role slave, mode enforce)", "What this node has was good at 2026-01-01")
	g.must(g.master.Kill())
	g.soon("it is waited for", func() bool { return strings.Contains(g.why(), "unless the master answers before.") })
	g.tells(" are left until ", "sip udp: silent since ", "ping: answers since ")
	g.soon("the standby serves", func() bool { return g.managed() == "start" })
	g.soon("it is told", func() bool { return strings.Contains(g.why(), "Serves         Since ") })
	g.tells("The master's telephony has not answered since", "It gives the master back its place when that has been well for 3s (failover.failback.after)")
	g.recordedOnce("watch: this node serves")
	g.must(g.master.Restart(t.Context()))
	g.soon("the place is given back", func() bool { return g.managed() == "start stop" })
	g.soon("it is told", func() bool { return strings.Contains(g.why(), "Stands by      Since ") })
	g.tells(": the master is well again.")
	g.soon("it is recorded", func() bool { return strings.Contains(g.get(record.Path), "done: stopping the services") })
}

func TestWhyTellsOfMaintenanceAndOfWhatIsHeldBack(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.80.1")
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.why(), "The master is healthy since") })
	g.expect(exitOK, "maintenance")
	g.soon("it is told", func() bool {
		return strings.Contains(g.why(), "It takes over nothing by itself: Maintenance lasts until ")
	})
	g.tells("`hotpair maintenance --end` ends that.", "hotpair maintenance: ordered by hand (order maintenance until ")
	good := g.get("etc/hotpair/ha.hcl")
	g.put("etc/hotpair/ha.hcl", strings.Replace(good, `"slave"`, `"master"`, 1))
	g.soon("it waits", func() bool { return strings.Contains(g.why(), "Held back      a slave is to become master") })
	g.tells("Its role is slave", "This waits for `hotpair apply`")
	g.put("etc/hotpair/ha.hcl", good+"\nnonsense")
	g.soon("it is held back", func() bool { return strings.Contains(g.hotpair("why").out, "Held back      /etc/hotpair/ha.hcl:") })
	r := g.expect(exitError, "why")
	g.contains(r.out, "ha.hcl         It cannot be used as it is now", "Its role is slave", "It takes over nothing by itself")
	g.contains(r.err, "Error: Argument or block definition required")
}

// What a program is told is what a person is.
func TestWhyIsToldToPrograms(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.81.1")
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.why(), "The master is healthy since") })
	var told struct {
		Type     string            `json:"type"`
		Why      []because         `json:"why"`
		Failover takeover.Standing `json:"failover"`
		Account  failover.Account  `json:"account"`
		Events   []struct {
			At   time.Time `json:"at"`
			Text string    `json:"text"`
		} `json:"events"`
	}
	for line := range strings.Lines(g.expect(exitOK, "--json", "why").out) {
		g.must(json.Unmarshal([]byte(line), &told))
	}
	if told.Type != "why" || len(told.Why) < 4 || told.Failover.Peer != failover.PeerHealthy || len(told.Account.Votes) != 4 || len(told.Account.Would) == 0 || len(told.Events) == 0 || told.Events[0].At.IsZero() {
		t.Errorf("%+v", told)
	}
}
