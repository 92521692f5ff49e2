package resources

import (
	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

// OutageStatus says it for those who show how a node stands; nil: there is none.
func OutageStatus(o *Outage) *status.Outage {
	if o == nil {
		return nil
	}
	r := &status.Outage{
		Promised: o.Pair.Promised.Seconds(), Longest: o.Longest().Seconds(), Fits: o.Longest() <= o.Pair.Promised,
		Expiry: o.Pair.Expiry.Seconds(), Start: o.Pair.Start.Seconds(), Measured: o.Measured, Known: o.Unknown == "",
		Profiles: []status.Profile{}, NoBackup: append([]string{}, o.Without...),
	}
	for _, l := range o.Lines {
		r.Profiles = append(r.Profiles, profileStatus(l))
	}
	if m := o.Mend; m.Argument != "" {
		r.Change, r.ChangeTo, r.Then = m.Argument, schema.Written(m.Value), m.Then.Seconds()
	}
	return r
}

func profileStatus(l outage.Line) status.Profile {
	return status.Profile{
		Profile: l.Profile.Name, Phones: l.Profile.Phones,
		Host: l.Host.Outage.Seconds(), Telephony: l.Telephony.Outage.Seconds(), Failback: l.Failback.Outage.Seconds(),
		HostBy: string(l.Host.Term), TelephonyBy: string(l.Telephony.Term),
	}
}
