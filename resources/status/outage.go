package status

import (
	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/resources"
)

// Outage is how long phones can be without a server, all times in seconds.
type Outage struct {
	Promised float64   `json:"promised"`
	Longest  float64   `json:"longest"`
	Fits     bool      `json:"fits"`
	Expiry   float64   `json:"sip_expiry_max"` // 0: only the master knows
	Start    float64   `json:"services_start"`
	Measured bool      `json:"services_start_measured"`
	Known    bool      `json:"phones_known"`
	Profiles []Profile `json:"profiles"`
	NoBackup []string  `json:"no_backup"`
	Change   string    `json:"change,omitempty"` // the argument that keeps the promise
	ChangeTo string    `json:"change_to,omitempty"`
	Then     float64   `json:"longest_then,omitempty"`
}

// Profile is that of the phones of one profile.
type Profile struct {
	Profile     string  `json:"profile"`
	Phones      int     `json:"phones"`
	Host        float64 `json:"failover_host"`
	Telephony   float64 `json:"failover_telephony"`
	Failback    float64 `json:"failback"`
	HostBy      string  `json:"failover_host_by"`
	TelephonyBy string  `json:"failover_telephony_by"`
}

// OutageOf says it of a budget; nil: there is none.
func OutageOf(o *resources.Outage) *Outage {
	if o == nil {
		return nil
	}
	r := &Outage{
		Promised: o.Pair.Promised.Seconds(), Longest: o.Longest().Seconds(), Fits: o.Longest() <= o.Pair.Promised,
		Expiry: o.Pair.Expiry.Seconds(), Start: o.Pair.Start.Seconds(), Measured: o.Measured, Known: o.Unknown == "",
		Profiles: []Profile{}, NoBackup: append([]string{}, o.Without...),
	}
	for _, l := range o.Lines {
		r.Profiles = append(r.Profiles, profileOf(l))
	}
	if m := o.Mend; m.Argument != "" {
		r.Change, r.ChangeTo, r.Then = m.Argument, o.Change(), m.Then.Seconds()
	}
	return r
}

func profileOf(l outage.Line) Profile {
	return Profile{
		Profile: l.Profile.Name, Phones: l.Profile.Phones,
		Host: l.Host.Outage.Seconds(), Telephony: l.Telephony.Outage.Seconds(), Failback: l.Failback.Outage.Seconds(),
		HostBy: string(l.Host.Term), TelephonyBy: string(l.Telephony.Term),
	}
}
