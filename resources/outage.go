package resources

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/resources/provd"
	"github.com/hotpair/hotpair/schema"
)

// Outage is how long the phones of a pair can be without a server.
type Outage struct {
	outage.Budget
	Pair     outage.Pair
	Measured bool     // the services' start was measured on this node
	Damaged  error    // why what was measured cannot be read
	Unknown  string   // why nobody knows which phones there are; empty: they are known
	Without  []string // phones that can have no backup server, each in words
}

// Change is the value to which Mend sets its argument, as ha.hcl has it.
func (o Outage) Change() string { return schema.Written(o.Mend.Value) }

// OutageOf computes it, with the phones that the provisioning daemon knows; it
// is not asked again where a plan has just had no answer.
func OutageOf(ctx context.Context, cfg *schema.Config, env Env, unseen []reconcile.Unseen) Outage {
	var o Outage
	var start time.Duration
	start, o.Measured, o.Damaged = ServicesStart(env.Host)
	o.Pair = outagePair(cfg, start)
	list, unknown := devices(ctx, cfg, env, unseen)
	profiles, without := sorted(cfg, list)
	if unknown != "" {
		profiles = []outage.Profile{profileOf(cfg.ProfileOf("", "", ""), 0)}
	}
	o.Budget, o.Unknown, o.Without = outage.Of(o.Pair, profiles), unknown, without
	return o
}

// outagePair is what ha.hcl says of failover. Where the master's database brings
// the expiry, a standby knows it only if its own file says so, too.
func outagePair(cfg *schema.Config, start time.Duration) outage.Pair {
	f := cfg.Failover
	p := outage.Pair{
		Promised: cfg.Objective.MaxOutage, Expiry: cfg.SIPExpiry.Max, MinExpiry: cfg.SIPExpiry.Min,
		Unreachable: f.Unreachable, Degraded: f.Degraded, Answering: answering, Start: start,
	}
	if cfg.Node.Role == schema.Slave && cfg.Database.Enabled && !usersOwn(cfg, "sip_expiry.max") {
		p.Expiry = 0
	}
	for _, probe := range []schema.Probe{f.Ping, f.SIP, f.TCP, f.HTTP, f.PostgreSQL} {
		if probe.Enabled {
			p.Probes = max(p.Probes, time.Duration(probe.Fall)*probe.Interval+probe.Timeout)
		}
	}
	if len(f.Hooks.BeforeTakeover) > 0 {
		p.Hooks = f.Hooks.Timeout
	}
	return p
}

// devices are the phones that have a document, or why they are not known.
func devices(ctx context.Context, cfg *schema.Config, env Env, unseen []reconcile.Unseen) ([]provd.Device, string) {
	asked := func(u reconcile.Unseen) bool {
		return slices.Contains([]string{"registrar", "autoprov", "device"}, u.ID.Kind)
	}
	switch {
	case !cfg.Provisioning.Enabled:
		return nil, "provisioning is off"
	case !phonesKept(cfg, env):
		return nil, "no provisioning daemon is asked below this root"
	case slices.ContainsFunc(unseen, asked):
		return nil, "the provisioning daemon does not answer"
	}
	client, err := env.clients().provisioning(cfg, env)
	var list []provd.Device
	if err == nil {
		list, err = client.Devices(ctx)
	}
	if err != nil {
		return nil, "the provisioning daemon does not list them"
	}
	list = slices.DeleteFunc(list, func(d provd.Device) bool { return d.Config == "" })
	if len(list) == 0 {
		return nil, "the provisioning daemon has none yet"
	}
	return list, ""
}

// sorted counts phones by their profile, and names those that can have no backup
// server.
func sorted(cfg *schema.Config, list []provd.Device) (profiles []outage.Profile, without []string) {
	found := map[string]outage.Profile{}
	for _, d := range list {
		p := cfg.ProfileOf(d.Vendor, d.Model, d.Plugin)
		if !p.Backup {
			without = append(without, described(d))
			continue
		}
		found[p.Name] = profileOf(p, found[p.Name].Phones+1)
	}
	for _, name := range sortedKeys(found) {
		profiles = append(profiles, found[name])
	}
	slices.Sort(without)
	return profiles, without
}

func profileOf(p schema.Profile, phones int) outage.Profile {
	return outage.Profile{Name: p.Name, Phones: phones, To: outage.Switch(p.ToBackup), Back: outage.Switch(p.ToMain), Retry: p.Retry}
}

// described is a phone by what somebody can find it.
func described(d provd.Device) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Vendor, d.Model, cmp.Or(d.Address, d.ID)))
}
