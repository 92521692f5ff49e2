package resources

import (
	"context"
	"io"
	"net/netip"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/probe"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// The times of a failover that no operator needs to set.
const (
	// answering is longer than the stock scripts' stop of all services.
	answering = time.Minute
	// booting is what a server and its Asterisk may need to start.
	booting = 3 * time.Minute
	// reportsFresh outlasts one report that is late: they come every 2 seconds.
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

// Decides tells whether hotpair's own daemon decides who serves.
func Decides(cfg *schema.Config) bool {
	return cfg.Node.Role != schema.Disabled && cfg.Replication.Runner == "daemon"
}

// Failover is how this node watches its peer, and serves.
func Failover(cfg *schema.Config, h *host.Host) takeover.Options {
	f, t := cfg.Failover, cfg.Platform.Telephony
	o := takeover.Options{
		Host: h, Policy: FailoverPolicy(cfg), Peer: cfg.Peer.Address,
		Companions: cfg.Companion.Units,
		Services:   takeover.Services{Manage: t.Manage, Asterisk: t.Asterisk, Serving: func() bool { return Serves(cfg, h) }},
		Hooks: takeover.Hooks{BeforeTakeover: f.Hooks.BeforeTakeover, AfterTakeover: f.Hooks.AfterTakeover,
			BeforeFailback: f.Hooks.BeforeFailback, AfterFailback: f.Hooks.AfterFailback, Timeout: f.Hooks.Timeout},
	}
	o.Granted = !cfg.Replication.Database && !cfg.Replication.Files
	o.Started = func(took time.Duration) error { return RecordServicesStart(h, took) }
	if own, err := takeover.OwnAddress(cfg.Peer.Address); err == nil && f.SIP.Enabled {
		o.Answers = askers(own, f.SIP)[0].Asker
		if o.Policy.Master {
			o.Probes = askers(own, f.SIP)
		}
	}
	if o.Policy.Master {
		o.Open = func(ctx context.Context) (io.ReadWriteCloser, error) { return reports(ctx, PeerTarget(cfg, h)) }
		o.Replicated = lastGood(cfg, h)
		return o
	}
	o.Probes = peerProbes(cfg)
	return o
}

// lastGood tells when what a standby needs was last replicated well.
func lastGood(cfg *schema.Config, h *host.Host) func() time.Time {
	known := replicate.Recaller{Host: h, Peer: cfg.Peer.SSH.HostKey}
	return func() time.Time {
		m, err := known.Recall()
		switch {
		case err != nil:
			return time.Time{}
		case cfg.Replication.Database && cfg.Database.Enabled:
			return m.Database.Good
		}
		return m.Files.Good
	}
}

// reports opens the channel for reports. Its connection is that of the
// replication, where that has one.
func reports(ctx context.Context, t peer.Target) (io.ReadWriteCloser, error) {
	link, err := peer.Dial(ctx, t)
	if err != nil {
		return nil, err
	}
	conn, err := link.Open(ctx, peer.ReportRequest)
	if err != nil {
		link.Close()
		return nil, err
	}
	return &reporting{conn, link}, nil
}

// reporting ends the connection with the reports.
type reporting struct {
	io.ReadWriteCloser
	link *peer.Link
}

func (r *reporting) Close() error {
	err := r.ReadWriteCloser.Close()
	r.link.Close()
	return err
}

func paceOf(p schema.Probe) probe.Pace {
	return probe.Pace{Interval: p.Interval, Timeout: p.Timeout, Fall: p.Fall, Rise: p.Rise}
}

// askers ask an address for SIP, by each transport.
func askers(to netip.Addr, p schema.Probe) []probe.Probe {
	target := probe.Target{To: netip.AddrPortFrom(to, uint16(p.Port))}
	var list []probe.Probe
	if slices.Contains(p.Transports, "udp") {
		list = append(list, probe.Probe{Name: "sip udp", Kind: failover.SIP, Pace: paceOf(p), Asker: probe.SIPUDP{Target: target}})
	}
	if slices.Contains(p.Transports, "tcp") {
		list = append(list, probe.Probe{Name: "sip tcp", Kind: failover.SIP, Pace: paceOf(p), Asker: &probe.SIPTCP{Target: target}})
	}
	return list
}

// peerProbes are what a standby asks.
func peerProbes(cfg *schema.Config) []probe.Probe {
	f, to := cfg.Failover, cfg.Peer.Address
	var list []probe.Probe
	add := func(p schema.Probe, name string, a probe.Asker) {
		if p.Enabled {
			list = append(list, probe.Probe{Name: name, Kind: failover.Host, Pace: paceOf(p), Asker: a})
		}
	}
	at := func(p schema.Probe) probe.Target { return probe.Target{To: netip.AddrPortFrom(to, uint16(p.Port))} }
	add(f.Ping, "ping", probe.Ping{To: to})
	if f.SIP.Enabled {
		list = append(list, askers(to, f.SIP)...)
	}
	add(f.TCP, "tcp", probe.TCP{Target: at(f.TCP)})
	add(f.HTTP, "http", probe.HTTP{URL: f.HTTP.URL.Reveal()})
	add(f.PostgreSQL, "postgresql", probe.Postgres{Target: at(f.PostgreSQL)})
	for _, witness := range Witnesses(cfg) {
		list = append(list, probe.Probe{Name: "witness " + witness.String(), Kind: failover.Witness, Pace: probe.HostPace(), Asker: probe.Ping{To: witness}})
	}
	return list
}

// Witnesses are the addresses that tell whether this node is cut off: those that
// ha.hcl names, or the default gateway, unless that is the peer.
func Witnesses(cfg *schema.Config) []netip.Addr {
	if len(cfg.Failover.Witnesses) > 0 {
		return cfg.Failover.Witnesses
	}
	if gateway := takeover.Gateway(cfg.Peer.Address); gateway.IsValid() && gateway != cfg.Peer.Address {
		return []netip.Addr{gateway}
	}
	return nil
}
