package simulate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// usual is what a platform's presets would be.
func usual() Pair {
	return Pair{
		Policy: failover.Policy{
			Unreachable: 10 * time.Second, Degraded: 90 * time.Second, Answering: time.Minute,
			Booting: 3 * time.Minute, Fresh: 15 * time.Second, Reports: 5 * time.Second,
			Failback: failover.Failback{After: 2 * time.Minute, Drain: 10 * time.Minute, Takeovers: 3},
		},
		Probes: []Probe{
			{"ping", failover.Host, time.Second, time.Second, 3, 2},
			{"sip udp", failover.SIP, 3 * time.Second, 2 * time.Second, 2, 2},
			{"witness", failover.Witness, time.Second, time.Second, 3, 2},
		},
		Boot: time.Minute, Start: 30 * time.Second, Stop: 15 * time.Second, Reopen: 5 * time.Second,
		Phones: Phones{Count: 500, Min: 4 * time.Minute, Max: 5 * time.Minute, TryAgain: 30 * time.Second}, Seed: 1,
	}
}

func scenario(t *testing.T, name string) Scenario {
	t.Helper()
	all := Scenarios()
	at := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name })
	if at < 0 {
		t.Fatalf("no scenario %q", name)
	}
	return all[at]
}

const second, minute = time.Second, time.Minute

// From when on the standby serves in each scenario, and the outages between
// which the longest of all phones is.
func TestWhatComesOfEachScenario(t *testing.T) {
	for name, want := range map[string]struct {
		takeovers   []time.Duration
		least, most time.Duration
	}{
		"power-loss":            {[]time.Duration{10 * second}, 5 * minute, 332 * second},
		"asterisk-hangs":        {[]time.Duration{108 * second}, 4 * minute, 332 * second},
		"asterisk-broken":       {[]time.Duration{108 * second}, 5 * minute, 332 * second},
		"asterisk-hangs-untold": {[]time.Duration{90 * second}, 5 * minute, 332 * second},
		"master-cut-off":        {[]time.Duration{10 * second}, 5 * minute, 332 * second},
		"power-and-witness":     {nil, 11 * minute, 13 * minute},
		"power-flaps":           {[]time.Duration{10 * second, 730 * second, 1450 * second, 2170 * second}, 3 * minute, 332 * second},
		"standby-restarts":      {[]time.Duration{10 * second}, 6 * minute, 9 * minute},
		"services-restart":      {nil, 45 * second, 140 * second},
		"link-flaps":            {nil, 0, 0},
		"link-cut":              {[]time.Duration{10 * second}, 0, 0},
		"one-way-loss":          {[]time.Duration{10 * second}, 0, 0},
		"standby-cut-off":       {nil, 0, 0},
		"standby-banned":        {nil, 0, 0},
		"witness-away":          {nil, 0, 0},
		"hotpair-ended":         {nil, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scenario(t, name)
			r := Run(usual(), s)
			var began []time.Duration
			for _, spell := range r.Takeovers {
				if ends := s.Events[len(s.Events)-1].At; spell.From < ends || ends == 0 {
					began = append(began, spell.From)
				}
			}
			if !slices.Equal(began, want.takeovers) {
				t.Errorf("the standby serves from %v on, not %v", began, want.takeovers)
			}
			if r.Longest() < want.least || r.Longest() > want.most || r.Unserved != 0 || r.Stayed {
				t.Errorf("outages up to %s, %d phones unserved, the standby stays: %v", r.Longest(), r.Unserved, r.Stayed)
			}
		})
	}
}

func TestEveryScenarioEndsAsItBegan(t *testing.T) {
	for _, s := range Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			r := Run(usual(), s)
			if r.Unserved != 0 || r.Stayed || len(r.Outages) != 500 || r.Lasted > 3*time.Hour {
				t.Errorf("%d phones unserved, %d outages, after %s, the standby stays: %v", r.Unserved, len(r.Outages), r.Lasted, r.Stayed)
			}
			if !slices.IsSortedFunc(r.Timeline, func(a, b Entry) int { return int(a.At - b.At) }) || r.Timeline[0].At != 0 {
				t.Errorf("a timeline out of order: %v", r.Timeline)
			}
			count := 0
			for _, bar := range r.Spread() {
				count += bar.Count
			}
			if count != 500 || len(r.Spread()) > 12 {
				t.Errorf("%d phones in %d bars", count, len(r.Spread()))
			}
		})
	}
}

func TestTheSameSeedHasTheSameResult(t *testing.T) {
	other := usual()
	other.Seed = 2
	for _, s := range Scenarios()[:2] {
		a, b, c := Run(usual(), s), Run(usual(), s), Run(other, s)
		if diff := cmp.Diff(a, b, cmpopts.IgnoreFields(Event{}, "Do")); diff != "" {
			t.Errorf("%s: %s", s.Name, diff)
		}
		if slices.Equal(a.Outages, c.Outages) {
			t.Errorf("%s: the seed does not matter", s.Name)
		}
	}
}

// at is when something is first said of a node.
func (r Result) at(t *testing.T, node, says string) time.Duration {
	t.Helper()
	for _, e := range r.Timeline {
		if e.Node == node && strings.Contains(e.Says, says) {
			return e.At
		}
	}
	t.Fatalf("nothing of %s says %q: %v", node, says, r.Timeline)
	return 0
}

func TestAMasterThatIsToldStopsBeforeTheStandbyStarts(t *testing.T) {
	r := Run(usual(), scenario(t, "asterisk-hangs"))
	asked, stopped, started := r.at(t, "standby", "asked to stand down"), r.at(t, "master", "services are stopped"), r.at(t, "standby", "services start")
	if asked != 90*second || stopped < asked+15*second || stopped > asked+20*second || started <= stopped || started > stopped+5*second {
		t.Errorf("asked at %s, stopped at %s, started at %s", asked, stopped, started)
	}
}

func TestWhereNobodyMayTakeOverPhonesWait(t *testing.T) {
	for name, c := range map[string]struct {
		scenario string
		change   func(*failover.Policy)
	}{
		"by hand":           {"power-loss", func(p *failover.Policy) { p.Manual = true }},
		"not unless told":   {"asterisk-hangs-untold", func(p *failover.Policy) { p.HoldUntold = true }},
		"longer than it is": {"power-loss", func(p *failover.Policy) { p.Unreachable, p.Degraded = 20*time.Minute, 20*time.Minute }},
	} {
		t.Run(name, func(t *testing.T) {
			p := usual()
			c.change(&p.Policy)
			r := Run(p, scenario(t, c.scenario))
			if len(r.Takeovers) > 0 || r.Share(0) < 10*minute || r.Held != (name != "longer than it is") {
				t.Errorf("%v, at least %s, held: %v", r.Takeovers, r.Share(0), r.Held)
			}
		})
	}
}

func TestAFailbackByHandLeavesTheStandbyServing(t *testing.T) {
	p := usual()
	p.Policy.Failback.Manual = true
	r := Run(p, scenario(t, "power-loss"))
	if !r.Stayed || r.Unserved != 0 || len(r.Takeovers) != 1 || r.Takeovers[0].To != 0 {
		t.Errorf("%+v, stays: %v, unserved %d", r.Takeovers, r.Stayed, r.Unserved)
	}
}

func TestADayPasses(t *testing.T) {
	s := Scenario{Name: "a day", Events: []Event{loses(Master), at(20*time.Hour, regains(Master))}}
	p := usual()
	p.Phones.Count = 50
	r := Run(p, s)
	if r.Lasted < 20*time.Hour || len(r.Takeovers) != 1 || r.Longest() > 332*second || r.Busiest[Standby] == 0 || r.Busiest[Master] == 0 {
		t.Errorf("%s, %v, %s, %v", r.Lasted, r.Takeovers, r.Longest(), r.Busiest)
	}
}

func TestAPairWithoutPhonesIsSimulatedToo(t *testing.T) {
	p := usual()
	p.Phones.Count = 0
	if r := Run(p, scenario(t, "power-loss")); r.Longest() != 0 || len(r.Takeovers) != 1 {
		t.Errorf("%s, %v", r.Longest(), r.Takeovers)
	}
}
