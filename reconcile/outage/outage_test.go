package outage

import (
	"testing"
	"time"
)

// usual is what the language presets, with the expiry that keeps the promise.
var usual = Pair{
	Promised: 5 * time.Minute, Expiry: 4 * time.Minute, MinExpiry: 3 * time.Minute,
	Unreachable: 10 * time.Second, Degraded: 90 * time.Second, Probes: 8 * time.Second, Answering: time.Minute, Start: 45 * time.Second,
}

func registering(name string, retry time.Duration) Profile {
	return Profile{Name: name, To: Switch{ByRegistration: true}, Back: Switch{ByRegistration: true}, Retry: retry}
}

func TestTheDocumentedMaximumBreaksThePromise(t *testing.T) {
	p := usual
	p.Expiry = 5 * time.Minute
	b := Of(p, []Profile{registering("sip", time.Minute)})
	if l := b.Lines[0]; l.Host != (Worst{332 * time.Second, Notice}) || l.Failback != l.Host || b.Longest() != 332*time.Second {
		t.Errorf("%+v", l)
	}
	if want := (Mend{Argument: "sip_expiry.max", Value: 4 * time.Minute, Then: 287 * time.Second}); b.Mend != want {
		t.Errorf("%+v", b.Mend)
	}
	if b := Of(usual, []Profile{registering("sip", time.Minute)}); b.Longest() != 287*time.Second || b.Mend != (Mend{}) {
		t.Errorf("%+v", b)
	}
}

func TestAPhoneThatComesTooEarlyWaitsForItsRetry(t *testing.T) {
	p := usual
	p.Expiry = time.Minute
	for _, c := range []struct {
		profile Profile
		host    Worst
	}{
		{registering("sip", time.Minute), Worst{(55 + 60 + 32) * time.Second, Retry}},
		{Profile{To: Switch{Min: 10 * time.Second, Max: 40 * time.Second}, Retry: 20 * time.Second}, Worst{75 * time.Second, Retry}},
		{Profile{To: Switch{Min: 55 * time.Second, Max: 70 * time.Second}, Retry: time.Hour}, Worst{70 * time.Second, Notice}},
		{Profile{To: Switch{Min: 54 * time.Second, Max: 70 * time.Second}, Retry: time.Second}, Worst{70 * time.Second, Notice}},
		{Profile{}, Worst{55 * time.Second, Retry}},
	} {
		if got := worst(p, c.profile, Host); got != c.host {
			t.Errorf("%+v: %+v, want %+v", c.profile, got, c.host)
		}
	}
}

func TestTheValueToChangeIsOfTheTermThatDecides(t *testing.T) {
	short := usual
	short.Promised, short.MinExpiry, short.Expiry = 3*time.Minute, time.Minute, 2*time.Minute
	late := usual
	late.Promised, late.Unreachable, late.Degraded, late.Answering = 250*time.Second, 2*time.Minute, 2*time.Minute, 0
	late.Expiry = 3 * time.Minute
	for name, c := range map[string]struct {
		pair     Pair
		profiles []Profile
		want     string
		value    time.Duration
	}{
		"the phone's notice":         {func() Pair { p := usual; p.Expiry = time.Hour; return p }(), []Profile{registering("sip", time.Minute)}, "sip_expiry.max", 4 * time.Minute},
		"silent telephony":           {usual, []Profile{registering("slow", 80*time.Second)}, "failover.degraded", 83 * time.Second},
		"both deaths":                {late, []Profile{registering("sip", time.Minute)}, "profile.sip.retry", 53 * time.Second},
		"the phone's own retry":      {usual, []Profile{registering("snom", 330*time.Second)}, "profile.snom.retry", 73 * time.Second},
		"a figure that nobody sets":  {usual, []Profile{{To: Switch{Max: time.Second}, Back: Switch{Max: 10 * time.Minute}}}, "", 0},
		"a minimum that is too long": {func() Pair { p := usual; p.Expiry, p.MinExpiry = 5*time.Minute, 5*time.Minute; return p }(), []Profile{registering("sip", time.Minute)}, "", 0},
		"two at once":                {short, []Profile{registering("sip", time.Minute)}, "", 0},
	} {
		if m := Of(c.pair, c.profiles).Mend; m.Argument != c.want || m.Value != c.value {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestTheDeadHostIsMendedByItsOwnLimit(t *testing.T) {
	p := usual
	p.Unreachable, p.Degraded, p.Answering, p.Probes = 100*time.Second, 100*time.Second, 0, 90*time.Second
	p.Promised = 272 * time.Second
	f := registering("slow", 100*time.Second)
	p.Start = 30 * time.Second
	if b := Of(p, []Profile{f}); b.Longest() != 272*time.Second {
		t.Errorf("%+v", b)
	}
	p.Hooks = time.Second
	p.Expiry = 2 * time.Minute
	p.Promised = 262 * time.Second
	if m := Of(p, []Profile{f}).Mend; m.Phones == "" {
		t.Errorf("one of two limits would not do: %+v", m)
	}
	p.Degraded = 90 * time.Second
	if m := Of(p, []Profile{f}).Mend; m.Argument != "failover.unreachable" || m.Value != 99*time.Second {
		t.Errorf("%+v", m)
	}
}

func TestTheWorstLineComesFirst(t *testing.T) {
	b := Of(usual, []Profile{{Name: "quick", To: Switch{Min: 2 * time.Minute, Max: 2 * time.Minute}}, registering("sip", time.Minute)})
	if b.Lines[0].Profile.Name != "sip" || b.Lines[1].Profile.Name != "quick" {
		t.Errorf("%+v", b.Lines)
	}
	if failover, of := b.Lines[0].Failover(); of != Telephony || failover.Outage != 287*time.Second {
		t.Errorf("%+v %s", failover, of)
	}
	if b := Of(usual, nil); b.Longest() != 0 || b.Mend != (Mend{}) {
		t.Errorf("without phones: %+v", b)
	}
}
