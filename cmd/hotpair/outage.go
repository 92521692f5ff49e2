package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// outage is how long the phones of a pair can be without a server; nil for a
// node that is in none.
func (n *node) outage(ctx context.Context, p reconcile.Plan) *resources.Outage {
	if n.cfg.Node.Role == schema.Disabled {
		return nil
	}
	o := resources.OutageOf(ctx, n.cfg, n.env, p.Unseen)
	return &o
}

// showOutage prints it after a plan.
func (a *app) showOutage(n *node, o *resources.Outage) {
	switch {
	case o == nil:
	case a.json:
		lines := a.outageLines(n.cfg, *o)
		a.emit("info", "Outage: "+strings.Join(lines, " "), "outage", map[string]any{"outage": outageJSON(o)})
	default:
		for i, line := range a.outageLines(n.cfg, *o) {
			if i == 0 {
				line = "\nOutage: " + line
			} else {
				line = "  " + line
			}
			fmt.Fprintln(a.out, line)
		}
	}
}

// outageReport is a budget for programs, all times in seconds.
type outageReport struct {
	Promised float64       `json:"promised"`
	Longest  float64       `json:"longest"`
	Fits     bool          `json:"fits"`
	Expiry   float64       `json:"sip_expiry_max"` // 0: only the master knows
	Start    float64       `json:"services_start"`
	Measured bool          `json:"services_start_measured"`
	Known    bool          `json:"phones_known"`
	Profiles []profileJSON `json:"profiles"`
	NoBackup []string      `json:"no_backup"`
	Change   string        `json:"change,omitempty"` // the argument that keeps the promise
	ChangeTo string        `json:"change_to,omitempty"`
	Then     float64       `json:"longest_then,omitempty"`
}

type profileJSON struct {
	Profile     string  `json:"profile"`
	Phones      int     `json:"phones"`
	Host        float64 `json:"failover_host"`
	Telephony   float64 `json:"failover_telephony"`
	Failback    float64 `json:"failback"`
	HostBy      string  `json:"failover_host_by"`
	TelephonyBy string  `json:"failover_telephony_by"`
}

func outageJSON(o *resources.Outage) *outageReport {
	if o == nil {
		return nil
	}
	r := &outageReport{
		Promised: o.Pair.Promised.Seconds(), Longest: o.Longest().Seconds(), Fits: o.Longest() <= o.Pair.Promised,
		Expiry: o.Pair.Expiry.Seconds(), Start: o.Pair.Start.Seconds(), Measured: o.Measured, Known: o.Unknown == "",
		Profiles: []profileJSON{}, NoBackup: append([]string{}, o.Without...),
	}
	for _, l := range o.Lines {
		r.Profiles = append(r.Profiles, profileOf(l))
	}
	if m := o.Mend; m.Argument != "" {
		r.Change, r.ChangeTo, r.Then = m.Argument, schema.Written(m.Value), m.Then.Seconds()
	}
	return r
}

func profileOf(l outage.Line) profileJSON {
	return profileJSON{
		Profile: l.Profile.Name, Phones: l.Profile.Phones,
		Host: l.Host.Outage.Seconds(), Telephony: l.Telephony.Outage.Seconds(), Failback: l.Failback.Outage.Seconds(),
		HostBy: string(l.Host.Term), TelephonyBy: string(l.Telephony.Term),
	}
}
