package schema

import (
	"net/netip"
	"time"
)

// Failover is how a slave watches its master, and takes over.
type Failover struct {
	Manual        bool
	Unreachable   time.Duration // without any answer from the master
	Degraded      time.Duration // without telephony on a host that is up
	HoldUntold    bool          // hold where a degraded master cannot be asked to stand down
	Witnesses     []netip.Addr  // none: the default gateway
	CheckSchedule string        // of the stock script

	Ping, SIP, TCP, HTTP, PostgreSQL Probe

	Failback Failback
	Hooks    Hooks
}

// A Probe is how one thing of the master is asked for. Fall and Rise are how
// many silences, or answers, in a row count.
type Probe struct {
	Enabled           bool
	Interval, Timeout time.Duration
	Fall, Rise        int
	Port              int      // of ping and http: 0
	Transports        []string // of sip: "udp", "tcp"
	URL               Secret   // of http
}

// Failback is when a slave that took over gives the master back its place.
// WindowFrom and WindowTo are times from midnight; equal ones are the whole day.
type Failback struct {
	Manual               bool
	After, Drain         time.Duration
	WindowFrom, WindowTo time.Duration
	Takeovers            int // an hour, after which it is by hand only
}

// Hooks are programs with their arguments; none: nothing is run.
type Hooks struct {
	BeforeTakeover, AfterTakeover []string
	BeforeFailback, AfterFailback []string
	Timeout                       time.Duration
}

// A Companion is what runs on this node only while it serves.
type Companion struct{ Units []string }

func (vs values) failover() Failover {
	from, to := parseWindow(vs.text("failover.failback.window"))
	hook := func(name string) []string { return vs.arguments("failover.hooks." + name) }
	f := Failover{
		Manual:      vs.text("failover.mode") == "manual",
		Unreachable: vs.duration("failover.unreachable"), Degraded: vs.duration("failover.degraded"),
		HoldUntold:    vs.text("failover.untold") == "hold",
		CheckSchedule: vs.schedule("failover.check_schedule"),
		Ping:          vs.probe("ping"), SIP: vs.probe("sip"), TCP: vs.probe("tcp"), HTTP: vs.probe("http"), PostgreSQL: vs.probe("postgresql"),
		Failback: Failback{Manual: vs.text("failover.failback.mode") == "manual",
			After: vs.duration("failover.failback.after"), Drain: vs.duration("failover.failback.drain"),
			WindowFrom: from, WindowTo: to, Takeovers: vs["failover.failback.takeovers"].whole},
		Hooks: Hooks{BeforeTakeover: hook("before_takeover"), AfterTakeover: hook("after_takeover"),
			BeforeFailback: hook("before_failback"), AfterFailback: hook("after_failback"), Timeout: vs.duration("failover.hooks.timeout")},
	}
	for _, text := range vs.texts("failover.witnesses") {
		addr, _ := netip.ParseAddr(text) // checked by its kind
		f.Witnesses = append(f.Witnesses, addr)
	}
	return f
}

func (vs values) probe(name string) Probe {
	at := func(argument string) string { return "failover." + name + "." + argument }
	return Probe{
		Enabled: vs[at("enabled")].flag, Interval: vs.duration(at("interval")), Timeout: vs.duration(at("timeout")),
		Fall: vs[at("fall")].whole, Rise: vs[at("rise")].whole,
		Port: vs[at("port")].whole, Transports: vs.texts(at("transports")), URL: vs.secret(at("url")),
	}
}
