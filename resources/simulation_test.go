package resources

import (
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/schema"
)

// simulated runs a scenario for what ha.hcl says.
func simulated(t *testing.T, cfg *schema.Config, name string) simulate.Result {
	t.Helper()
	for _, s := range simulate.Scenarios() {
		if s.Name == name {
			return simulate.Run(Simulation(cfg, 500), s)
		}
	}
	t.Fatalf("no scenario %q", name)
	return simulate.Result{}
}

func TestASimulationIsOfWhatHaHclSays(t *testing.T) {
	cfg := config(t, "slave", "10.0.0.1", "failover {\n  unreachable = \"20s\"\n  witnesses = [\"10.0.0.254\", \"10.0.0.253\"]\n  tcp {\n    enabled = true\n    interval = \"7s\"\n  }\n  failback {\n    window = \"22:00-06:00\"\n  }\n}\n")
	p := Simulation(cfg, 7)
	var names []string
	for _, probe := range p.Probes {
		names = append(names, probe.Name)
	}
	if got := strings.Join(names, ", "); got != "ping, sip udp, sip tcp, tcp, witness 10.0.0.254, witness 10.0.0.253" {
		t.Error(got)
	}
	if tcp := p.Probes[3]; tcp.Interval != 7*time.Second || tcp.Fall != 2 || tcp.Kind != failover.Host {
		t.Errorf("%+v", tcp)
	}
	if p.Phones.Count != 7 || p.Phones.Max != 4*time.Minute || p.Policy.Unreachable != 20*time.Second || p.Refuses || p.Policy.Failback.Within != (failover.Window{}) {
		t.Errorf("%+v", p)
	}
	if r := simulated(t, cfg, "power-loss"); len(r.Takeovers) != 1 || r.Takeovers[0].From != 20*time.Second {
		t.Errorf("%+v", r.Takeovers)
	}
	if p := Simulation(config(t, "master", "10.0.0.2", "platform = \"asterisk\""), 1); !p.Refuses {
		t.Error("a plain Asterisk that is stopped does not refuse")
	}
}

func TestBothRolesAreSimulatedAlike(t *testing.T) {
	master, slave := simulated(t, config(t, "master", "10.0.0.2"), "power-loss"), simulated(t, config(t, "slave", "10.0.0.1"), "power-loss")
	if master.Longest() != slave.Longest() || len(master.Timeline) != len(slave.Timeline) {
		t.Errorf("%v and %v", master.Timeline, slave.Timeline)
	}
}

func TestOneValueIsNamedThatBreaksThePromise(t *testing.T) {
	for name, c := range map[string]struct {
		scenario, block string
		change          func(*schema.Config)
		kept            bool
		says            string
	}{
		"kept":        {"power-loss", "", func(*schema.Config) {}, true, "objective.max_outage (5m) is kept"},
		"long expiry": {"power-loss", "", func(c *schema.Config) { c.SIPExpiry.Max = 6 * time.Minute }, false, "Set sip_expiry.max = \"4m\"."},
		"no room":     {"power-loss", "", func(c *schema.Config) { c.Objective.MaxOutage = time.Minute }, false, "Most of that comes from sip_expiry.max (4m)"},
		"by hand":     {"power-loss", "failover {\n  mode = \"manual\"\n}", func(*schema.Config) {}, false, "Set failover.mode = \"automatic\"."},
		"cut off":     {"power-and-witness", "", func(*schema.Config) {}, false, "failover.witnesses"},
		"held":        {"asterisk-hangs-untold", "failover {\n  untold = \"hold\"\n}", func(*schema.Config) {}, false, "Set failover.untold = \"take_over\"."},
		"late": {"asterisk-hangs", "failover {\n  degraded = \"8m\"\n}", func(*schema.Config) {}, false,
			"Most of that comes from failover.degraded (8m)"},
		"later": {"power-loss", "failover {\n  unreachable = \"6m\"\n  degraded = \"8m\"\n}", func(*schema.Config) {}, false, "Most of that comes from failover.unreachable (6m)"},
		"never": {"services-restart", "", func(c *schema.Config) { c.Objective.MaxOutage = time.Minute }, false, "no value of ha.hcl"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t, "slave", "10.0.0.1", c.block)
			c.change(cfg)
			if kept, said := Kept(cfg, simulated(t, cfg, c.scenario)); kept != c.kept || !strings.Contains(said, c.says) {
				t.Errorf("%v, %s", kept, said)
			}
		})
	}
}

// What the advice says is enough.
func TestTheAdvisedExpiryKeepsThePromise(t *testing.T) {
	cfg := config(t, "slave", "10.0.0.1")
	cfg.SIPExpiry.Max = 10 * time.Minute
	_, said := Kept(cfg, simulated(t, cfg, "power-loss"))
	_, value, _ := strings.Cut(said, "sip_expiry.max = \"")
	advised, err := time.ParseDuration(strings.TrimSuffix(value, "\"."))
	if err != nil {
		t.Fatal(said)
	}
	cfg.SIPExpiry.Max = advised
	if kept, said := Kept(cfg, simulated(t, cfg, "power-loss")); !kept {
		t.Error(said)
	}
}
