package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hotpair/hotpair/resources/status"
)

// describe makes the first phones of a box of other makes.
func (b *phoneBox) describe(phones ...[2]string) {
	b.t.Helper()
	var ids []string
	for id := range b.server.Configs() {
		if len(id) == 32 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for i, phone := range phones {
		b.must(b.server.Describe(ids[i], phone[0], phone[1]))
	}
}

// budget are the lines of a plan that tell of an outage.
func budget(out string) string {
	_, budget, _ := strings.Cut(out, "\nOutage: ")
	return budget
}

func TestAPlanTellsTheOutageOfThePhonesThatThereAre(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 12)
	b.listen()
	fits := "sip_expiry {\n  max = \"4m\"\n}\n"
	b.declare("master", "10.0.0.2", b.provisioning(), fits)
	b.put("var/lib/hotpair/services.json", `{"start_seconds": 38.2, "at": "2026-11-24T20:00:00Z"}`)
	want := "at most 4 min 32 s of the promised 5 min: 12 yealink phones, failover 4 min 32 s, failback 2 min.\n"
	if diff := cmp.Diff(want, budget(b.expect(exitOK, "plan").out)); diff != "" {
		t.Error(diff)
	}
	if n := b.server.Count("GET", "/0.2/dev_mgr/devices"); n != 1 {
		t.Errorf("the phones were listed %d times", n)
	}

	b.describe([2]string{"Cisco", "SPA504G"}, [2]string{"Aastra", "6757i"}, [2]string{"Acme", "\x1b[31m1"}, [2]string{"Wildix", "Vision 2"}, [2]string{"Cisco", "SPA122"}, [2]string{"Wildix", "WP490 R3"})
	out := budget(b.expect(exitOK, "plan").out)
	for _, line := range []string{
		"up to 6 min 9 s, and 5 min are promised.",
		"  1 wildix-vision phone, failover 3 min (6 min 9 s where only the telephony dies), failback 45 s.",
		"  1 aastra phone, failover 4 min 32 s (5 min 41 s where only the telephony dies), failback 4 min 32 s.",
		"  1 wildix-wp4x0-r3 phone, failover 2 min 25 s (5 min 34 s where only the telephony dies), failback 1 min 45 s.",
		"  The standby serves 3 min 9 s after the telephony alone died; a phone that asked just before that is there 3 min later.",
		"  No single value keeps the promise. What can be promised is objective.max_outage = \"6m9s\".",
		"  2 more kinds of phones, none longer: see `hotpair plan --details`.",
		"  No backup server is possible for 2 phones: Cisco SPA122 00:15:65:",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("%q is not in\n%s", line, out)
		}
	}
	b.contains(budget(b.expect(exitOK, "plan", "--details").out), "1 phone by registration, ", "6 yealink phones, ")
}

func TestPhonesThatCanHaveNoBackupWaitForTheMaster(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 5)
	b.listen()
	b.describe([2]string{"Cisco", "SPA504G"}, [2]string{"Cisco", "SPA501G"}, [2]string{"Jitsi", "Jitsi"}, [2]string{"Zenitel", "IP station"}, [2]string{"Yealink", "T32G"})
	b.declare("master", "10.0.0.2", b.provisioning(), "sip_expiry {\n  max = \"4m\"\n}\n")
	out := budget(b.expect(exitOK, "plan").out)
	b.contains(out, "no phone here can have a backup server, so all wait for the master.\n", "  No backup server is possible for 5 phones: Cisco SPA501G 00:15:65:", " and 2 more.\n")
	if n := strings.Count(budget(b.expect(exitOK, "plan", "--details").out), " 00:15:65:"); n != 5 {
		t.Errorf("%d phones are listed", n)
	}
	b.declare("master", "10.0.0.2", b.provisioning(), "profile \"yealink-without\" {\n  backup = true\n}\n")
	b.contains(budget(b.expect(exitOK, "plan").out), "1 yealink-without phone, failover 5 min 32 s", "possible for 4 phones")
}

func TestAProvisioningDaemonThatIsAwayCostsNoSecondWait(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 3)
	b.declare("master", "10.0.0.2", b.provisioning(), "sip_expiry {\n  max = \"4m\"\n}\n")
	began := time.Now()
	b.contains(b.expect(exitOK, "status").out, "phones by registration, since the provisioning daemon does not answer.")
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestTheOutageIsThereForPrograms(t *testing.T) {
	t.Parallel()
	b := newPhoneBox(t, 4)
	b.listen()
	b.describe([2]string{"Cisco", "SPA504G"}, [2]string{"Snom", "D735"})
	b.declare("master", "10.0.0.2", b.provisioning(), "sip_expiry {\n  max = \"4m\"\n}\n")
	for line := range strings.Lines(b.expect(exitOK, "--json", "plan").out) {
		var o struct {
			Type   string
			Outage status.Outage
		}
		b.must(json.Unmarshal([]byte(line), &o))
		if o.Type != "outage" {
			continue
		}
		got := o.Outage
		if len(got.NoBackup) != 1 || !got.Known || got.Fits || got.Change != "profile.snom.retry" || got.ChangeTo != "1m13s" {
			t.Errorf("%+v", got)
		}
		want := []status.Profile{
			{Profile: "snom", Phones: 1, Host: 417, Telephony: 557, Failback: 272, HostBy: "retry", TelephonyBy: "retry"},
			{Profile: "yealink", Phones: 2, Host: 272, Telephony: 272, Failback: 120, HostBy: "notice", TelephonyBy: "notice"},
		}
		if diff := cmp.Diff(want, got.Profiles); diff != "" {
			t.Error(diff)
		}
		return
	}
	t.Error("no line tells of it")
}

func TestTimesAreSpelledOut(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 s", 100 * time.Millisecond: "1 s", 45 * time.Second: "45 s", time.Minute: "1 min", 287 * time.Second: "4 min 47 s", time.Hour + time.Second: "1 h 1 s", 3*time.Hour + 2*time.Minute: "3 h 2 min"} {
		if got := spelled(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
