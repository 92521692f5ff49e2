package dashboard

import (
	"fmt"

	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/words"
)

// budget is how long phones can be without a server.
type budget struct {
	Level            Level
	State            string
	Longest, Promise string
	Share            int // of the promise, in percent, at most 100
	Profiles         []profile
	More             int
	Assumed          []span
	Mend             []span
	NoBackup         []string
	NoBackups        string
	MoreNoBackup     int
}

// profile is that of the phones of one kind.
type profile struct {
	Name, Phones              string
	Host, Telephony, Failback string
	By                        string
	Over                      bool
	Share                     int
}

func (v view) budget() *budget {
	o := v.Status.Outage
	if o == nil {
		return nil
	}
	b := &budget{State: "kept", Longest: seconds(o.Longest), Promise: seconds(o.Promised), Share: share(o.Longest, o.Promised)}
	if !o.Fits {
		b.Level, b.State = Attention, "not kept"
	}
	if len(o.Profiles) == 0 {
		b.State, b.Level = "no phone can have a backup", Unclear
	}
	profiles, more := bounded(o.Profiles, mostProfiles)
	b.Profiles, b.More = each(profiles, func(p status.Profile) profile { return kindOf(p, *o) }), more
	b.Mend, b.Assumed = mend(*o), assumed(*o)
	if n := len(o.NoBackup); n > 0 {
		b.NoBackups = words.Count(n, "phone")
		shown, more := bounded(o.NoBackup, mostPhones)
		b.NoBackup, b.MoreNoBackup = each(shown, cleaned), more
	}
	return b
}

func kindOf(p status.Profile, o status.Outage) profile {
	longest := max(p.Host, p.Telephony, p.Failback)
	k := profile{Name: cleaned(p.Profile), Host: seconds(p.Host), Telephony: seconds(p.Telephony), Failback: seconds(p.Failback), Over: longest > o.Promised, Share: share(longest, o.Promised)}
	if p.Profile == byRegistration {
		k.Name = "by registration"
	}
	if p.Phones > 0 {
		k.Phones = fmt.Sprint(p.Phones)
	}
	by := map[string]string{"notice": "they notice late", "retry": "they ask again late"}
	k.By = by[p.TelephonyBy]
	if p.HostBy != p.TelephonyBy {
		k.By = fmt.Sprintf("%s; where only the telephony dies, %s", by[p.HostBy], by[p.TelephonyBy])
	}
	return k
}

// byRegistration is the profile of phones of which nothing else is known.
const byRegistration = "sip"

// share is how much of the promise is used, in percent.
func share(longest, promised float64) int {
	if promised <= 0 {
		return 100
	}
	return int(min(100, 100*longest/promised))
}

func mend(o status.Outage) []span {
	if o.Fits || o.Change == "" {
		return nil
	}
	return spans(fmt.Sprintf("Set `%s = %q` in ha.hcl: then at most %s.", o.Change, o.ChangeTo, seconds(o.Then)))
}

// assumed says what of it nobody knows.
func assumed(o status.Outage) []span {
	text := ""
	if !o.Known {
		text += "Which phones there are is not known: reckoned for phones that change by registration. "
	}
	if !o.Measured {
		text += "Assumed " + seconds(o.Start) + " for the start of the services, which was not measured on this node yet. "
	}
	if o.Expiry == 0 {
		text += "When phones notice depends on the master's `sip_expiry.max`: see the page of the master. "
	}
	return spans(text)
}
