package outage

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func anyTime(t *rapid.T, label string, low, high int) time.Duration {
	return time.Duration(rapid.IntRange(low, high).Draw(t, label)) * time.Second
}

func anyPair(t *rapid.T) Pair {
	p := Pair{
		Promised:  anyTime(t, "promised", 30, 900),
		MinExpiry: anyTime(t, "min", 10, 300), Probes: anyTime(t, "probes", 1, 30), Unreachable: anyTime(t, "unreachable", 1, 120),
		Answering: anyTime(t, "answering", 0, 60), Hooks: anyTime(t, "hooks", 0, 10), Start: anyTime(t, "start", 1, 90),
	}
	p.Expiry = p.MinExpiry + anyTime(t, "expiry", 0, 3600)
	p.Degraded = p.Unreachable + anyTime(t, "degraded", 0, 120)
	return p
}

func anySwitch(t *rapid.T, label string) Switch {
	if rapid.Bool().Draw(t, label+" by registration") {
		return Switch{ByRegistration: true}
	}
	shortest := anyTime(t, label+" shortest", 0, 200)
	return Switch{Min: shortest, Max: shortest + anyTime(t, label+" more", 0, 200)}
}

func anyProfiles(t *rapid.T) []Profile {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Profile {
		return Profile{Name: rapid.StringMatching("[a-h]").Draw(t, "name"), To: anySwitch(t, "to"), Back: anySwitch(t, "back"), Retry: anyTime(t, "retry", 0, 300)}
	}), 1, 5, func(f Profile) string { return f.Name }).Draw(t, "profiles")
}

// set changes the argument that a mend names, as an administrator would.
func set(p Pair, profiles []Profile, argument string, d time.Duration) Pair {
	for i := range profiles {
		if argument == "profile."+profiles[i].Name+".retry" {
			profiles[i].Retry = d
		}
	}
	switch argument {
	case "sip_expiry.max":
		p.Expiry = d
	case "failover.degraded":
		p.Degraded = d
	case "failover.unreachable":
		p.Unreachable = d
	}
	return p
}

func TestTheNamedValueKeepsThePromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, profiles := anyPair(t), anyProfiles(t)
		b := Of(p, profiles)
		if b.Longest() <= p.Promised {
			if b.Mend != (Mend{}) {
				t.Fatalf("it fits, and is mended: %+v", b.Mend)
			}
			return
		}
		if b.Mend.Argument == "" {
			return
		}
		changed := set(p, profiles, b.Mend.Argument, b.Mend.Value)
		after := Of(changed, profiles)
		if changed == p && b.Mend.Phones == "" || after.Longest() > p.Promised || after.Longest() != b.Mend.Then || after.Mend != (Mend{}) {
			t.Fatalf("%+v does not mend %+v: %+v", b.Mend, b.Lines[0], after)
		}
		if changed.Expiry < p.MinExpiry || changed.Degraded < changed.Unreachable || changed.Degraded < p.Degraded && changed.Degraded < p.Start+aRestart {
			t.Fatalf("a value that ha.hcl would not take, or nobody should set: %+v", b.Mend)
		}
	})
}

// Where no value is named, none of those that there are keeps the promise.
func TestWhereNoValueIsNamedNoneKeepsThePromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, profiles := anyPair(t), anyProfiles(t)
		b := Of(p, profiles)
		if b.Longest() <= p.Promised || b.Mend.Argument != "" {
			return
		}
		argument := rapid.SampledFrom([]string{"sip_expiry.max", "failover.degraded", "failover.unreachable", "profile." + profiles[0].Name + ".retry"}).Draw(t, "argument")
		changed := set(p, profiles, argument, anyTime(t, "value", 1, 1200))
		sensible := changed.Expiry >= p.MinExpiry && changed.Degraded >= max(changed.Unreachable, p.Start+aRestart) && changed.Unreachable >= p.Probes
		if sensible && Of(changed, profiles).Longest() <= p.Promised {
			t.Fatalf("%s would do: %+v", argument, changed)
		}
	})
}

func TestMoreOfAnythingIsNoShorterOutage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, profiles := anyPair(t), anyProfiles(t)
		more := p
		for _, d := range []*time.Duration{&more.Expiry, &more.Unreachable, &more.Degraded, &more.Probes, &more.Answering, &more.Hooks, &more.Start} {
			*d += anyTime(t, "more", 0, 100)
		}
		if less, longer := Of(p, profiles).Longest(), Of(more, profiles).Longest(); longer < less {
			t.Fatalf("%v, then %v", less, longer)
		}
	})
}

// Whoever asks at whatever moment is served no later than the budget says.
func TestNoPhoneWaitsLongerThanItsWorst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPair(t), anyProfiles(t)[0]
		of := rapid.SampledFrom([]Death{Host, Telephony}).Draw(t, "death")
		f.Retry = max(f.Retry, time.Second)
		shortest, longest := p.notice(f.To)
		asks := shortest + time.Duration(rapid.Float64Range(0, 1).Draw(t, "when")*float64(longest-shortest))
		for asks < p.Ready(of) {
			asks += f.again()
		}
		if w := worst(p, f, of); asks > w.Outage {
			t.Fatalf("it is served after %v, and at most %v was said", asks, w)
		}
	})
}
