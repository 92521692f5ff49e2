package loop

import (
	"encoding/json"
	"testing"
	"time"
)

func TestAThingIsHealedSoOftenAnHour(t *testing.T) {
	h, now := Heals{}, time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	for i := range 6 {
		if _, fought := h.Fought("ha_conf", 6, now); fought {
			t.Fatalf("fought over after %d heals", i)
		}
		h.Count("ha_conf", now)
		now = now.Add(5 * time.Minute)
	}
	until, fought := h.Fought("ha_conf", 6, now)
	if want := time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC); !fought || !until.Equal(want) {
		t.Errorf("until %s, %v", until, fought)
	}
	if _, other := h.Fought("sentinel", 6, now); other {
		t.Error("another thing is fought over")
	}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var again Heals
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if _, fought := again.Fought("ha_conf", 6, until.Add(-time.Nanosecond)); !fought {
		t.Error("forgotten by being stored")
	}
	if _, fought := again.Fought("ha_conf", 6, until); fought {
		t.Error("still fought over")
	}
	if again.Forget(until.Add(time.Hour)); len(again) != 0 {
		t.Errorf("not forgotten: %v", again)
	}
}

func TestTheRoleGuardHoldsWhatEndsCallsOrStartsASecondNode(t *testing.T) {
	for _, c := range []struct {
		from, to      string
		serving, held bool
	}{
		{"master", "master", true, false}, {"slave", "slave", false, false},
		{"master", "slave", true, true}, {"master", "disabled", true, true}, {"master", "slave", false, true},
		{"slave", "master", false, true}, {"slave", "disabled", false, true}, {"slave", "master", true, true},
		{"disabled", "master", true, false}, {"disabled", "slave", true, true}, {"disabled", "slave", false, false},
	} {
		if why := RoleGuard(c.from, c.to, c.serving); (why != "") != c.held {
			t.Errorf("from %s to %s: %q", c.from, c.to, why)
		}
	}
}
