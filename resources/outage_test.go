package resources

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	box "github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/outage"
	"github.com/hotpair/hotpair/schema"
)

func TestTheServicesStartIsAssumedUntilItIsMeasured(t *testing.T) {
	h, dir := sandbox(t, "wazo")
	if took, measured, err := ServicesStart(h); took != 45*time.Second || measured || err != nil {
		t.Errorf("%v %v %v", took, measured, err)
	}
	for given, want := range map[time.Duration]time.Duration{38250 * time.Millisecond: 38300 * time.Millisecond, 0: 100 * time.Millisecond, 5 * time.Hour: time.Hour} {
		if err := RecordServicesStart(h, given); err != nil {
			t.Fatal(err)
		}
		if took, measured, err := ServicesStart(h); took != want || !measured || err != nil {
			t.Errorf("%v: %v %v %v", given, took, measured, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, ServicesPath)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, damaged := range []string{"", "{", `{"start_seconds": -3}`, `{"start_seconds": 1e300}`, `{}`, `{"start_seconds": "45"}`} {
		put(t, dir, ServicesPath, damaged)
		took, measured, err := ServicesStart(h)
		if took != 45*time.Second || measured || err == nil || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("%q: %v %v %v", damaged, took, measured, err)
		}
		cfg := config(t, "slave", "10.0.0.1")
		if o := OutageOf(t.Context(), cfg, Env{Host: h}, nil); o.Damaged == nil || o.Pair.Start != 45*time.Second {
			t.Errorf("%q: %+v", damaged, o)
		}
	}
}

func TestPhonesAreCountedByWhatTheProvisioningDaemonSaysOfThem(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 5})
	ids := slices.DeleteFunc(sortedKeys(n.server.Configs()), func(id string) bool { return len(id) != 32 })
	for i, phone := range [][2]string{{"Cisco", "SPA504G"}, {"Snom", "D735"}, {"Nobody", "N\x1b[1m"}} {
		if err := n.server.Describe(ids[i], phone[0], phone[1]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := n.server.AutoCreate(); err != nil {
		t.Fatal(err)
	}
	cfg := n.config("master")
	e := Env{Host: n.host}
	n.server.Forget()
	o := OutageOf(t.Context(), cfg, e, nil)
	counts := map[string]int{}
	for _, l := range o.Lines {
		counts[l.Profile.Name] = l.Profile.Phones
	}
	if diff := cmp.Diff(map[string]int{"yealink": 2, "snom": 1, schema.Generic: 2}, counts); diff != "" || o.Unknown != "" {
		t.Error(diff, o.Unknown)
	}
	if len(o.Without) != 1 || !strings.HasPrefix(o.Without[0], "Cisco SPA504G 00:15:65:") {
		t.Errorf("%q", o.Without)
	}
	if got := len(n.server.Requests()); got != 1 {
		t.Errorf("%d requests: %v", got, n.server.Requests())
	}
	unseen := []reconcile.Unseen{{ID: deviceID, Err: reconcile.ErrLater}}
	if o := OutageOf(t.Context(), cfg, e, unseen); o.Unknown == "" || len(n.server.Requests()) != 1 || len(o.Lines) != 1 || o.Lines[0].Profile.Phones != 0 {
		t.Errorf("%+v after %v", o, n.server.Requests())
	}
	n.server.Set(box.Fault{HTML: true})
	if o := OutageOf(t.Context(), cfg, e, nil); o.Unknown != "the provisioning daemon does not list them" || o.Lines[0].Profile.Name != schema.Generic {
		t.Errorf("%+v", o)
	}
}

func TestTheBudgetIsOfWhatHaHclSays(t *testing.T) {
	h, _ := sandbox(t, "wazo")
	blocks := "failover {\n  unreachable = \"20s\"\n  degraded = \"2m\"\n  tcp {\n    enabled = true\n    interval = \"10s\"\n    fall = 3\n  }\n  hooks {\n    before_takeover = [\"/bin/true\"]\n    timeout = \"7s\"\n  }\n}\nobjective {\n  max_outage = \"6m\"\n}\n"
	want := outage.Pair{
		Promised: 6 * time.Minute, Expiry: 4 * time.Minute, MinExpiry: 3 * time.Minute, Unreachable: 20 * time.Second, Degraded: 2 * time.Minute,
		Probes: 32 * time.Second, Answering: time.Minute, Hooks: 7 * time.Second, Start: 45 * time.Second,
	}
	if diff := cmp.Diff(want, OutageOf(t.Context(), config(t, "slave", "10.0.0.1", blocks), Env{Host: h}, nil).Pair); diff != "" {
		t.Error(diff)
	}
	slave := "platform = \"wazo\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"10.0.0.1\"\n}\n"
	for text, expiry := range map[string]time.Duration{slave: 0, slave + "database {\n  enabled = false\n}\n": 5 * time.Minute, strings.Replace(slave, "slave", "master", 1): 5 * time.Minute} {
		cfg, diags := schema.Load([]schema.Source{{Name: "ha.hcl", Text: []byte(text)}}, schema.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if got := OutageOf(t.Context(), cfg, Env{Host: h}, nil).Pair.Expiry; got != expiry {
			t.Errorf("%v, want %v of\n%s", got, expiry, text)
		}
	}
}

// The warning about the expiry in ha.hcl and the budget name the same value.
func TestTheWarningAndTheBudgetAgree(t *testing.T) {
	h, _ := sandbox(t, "wazo")
	for _, c := range [][4]string{{"3m", "5m", "4m", "5m"}, {"3m", "269s", "4m", "5m"}, {"3m", "4m", "4m", "5m"}, {"1m", "1h", "2m", "6m"}, {"265s", "5m", "5m", "5m"}, {"5m", "5m", "5m", "5m"}} {
		text := fmt.Sprintf("node {\n  role = \"master\"\n}\npeer {\n  address = \"10.0.0.2\"\n}\nsip_expiry {\n  min = %q\n  max = %q\n  default = %q\n}\nobjective {\n  max_outage = %q\n}\n", c[0], c[1], c[2], c[3])
		cfg, diags := schema.Load([]schema.Source{{Name: "ha.hcl", Text: []byte(text)}}, schema.Options{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		warned := ""
		for _, d := range diags {
			warned += d.Detail
		}
		m := OutageOf(t.Context(), cfg, Env{Host: h}, nil).Mend
		switch said := fmt.Sprintf("Set sip_expiry.max = %q", schema.Written(m.Value)); {
		case m.Argument == "" && strings.Contains(warned, "Set sip_expiry.max"), m.Argument != "" && !strings.Contains(warned, said):
			t.Errorf("%v: %+v, and the warning %q", c, m, warned)
		}
	}
}
