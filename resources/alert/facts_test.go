package alert

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

func noon() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.Local) }

// well is a node of which nothing is to be told: a master that replicates hourly.
func well() Facts {
	return Facts{Known: true, Schedules: map[string]string{replicate.DatabaseName: "0 * * * *", replicate.FilesName: "@every 15m"}, Status: status.Status{
		At: noon(), Watch: &status.Watch{Since: noon().Add(-100 * time.Hour), Role: "master", Mode: "enforce"}, Failover: &takeover.Standing{Master: true, Serve: true},
		Outage: &status.Outage{Fits: true},
		Replication: []replicate.Standing{{What: replicate.DatabaseName, Marks: replicate.Marks{Good: noon().Add(-time.Hour)}},
			{What: replicate.FilesName, Marks: replicate.Marks{Good: noon().Add(-10 * time.Minute)}}},
	}}
}

// told is what a look makes of facts: keys, and codes that are not seen.
func told(f Facts) string {
	l := f.Look()
	var list []string
	for _, c := range l.Conditions {
		list = append(list, c.Key())
	}
	for _, code := range l.Unseen {
		list = append(list, "?"+code)
	}
	return strings.Join(list, " ")
}

func TestConditions(t *testing.T) {
	standby := func(s takeover.Standing) func(*Facts) {
		return func(f *Facts) { f.Status.Standby, f.Status.Failover, f.Schedules = true, &s, nil }
	}
	good := func(ago time.Duration) func(*Facts) {
		return func(f *Facts) { f.Status.Replication[0].Good = f.Status.At.Add(-ago) }
	}
	scheduled := func(schedule string, ago time.Duration) func(*Facts) {
		return func(f *Facts) { f.Schedules[replicate.DatabaseName] = schedule; good(ago)(f) }
	}
	for _, c := range []struct {
		want   string
		change func(*Facts)
	}{
		{"", func(*Facts) {}},
		{"", standby(takeover.Standing{Reason: "The master is well."})},
		{Takeover, standby(takeover.Standing{Serve: true, Reason: "It took over."})},
		{Takeover + " " + FailbackWaits, standby(takeover.Standing{Serve: true, Trouble: failover.Waiting})},
		{SplitBrain + " ?" + Takeover, standby(takeover.Standing{Serve: true, Trouble: failover.SplitBrain})},
		{TakeoverHeld, standby(takeover.Standing{Trouble: failover.Held})},
		{ServicesFailed, standby(takeover.Standing{Failure: "it hangs"})},
		{PeerSilent, standby(takeover.Standing{Peer: failover.PeerHealthy, Ever: true})},
		{"", standby(takeover.Standing{Peer: failover.PeerHealthy, Ever: true, Reported: true})},
		{"", standby(takeover.Standing{Peer: failover.PeerHealthy})},
		{"", standby(takeover.Standing{Peer: failover.PeerDegraded, Ever: true})},
		{"", standby(takeover.Standing{Peer: failover.PeerHealthy, Ever: true, Paused: noon()})},
		{PeerSilent, func(f *Facts) { f.Status.Failover.Ever = true }},
		{ReplicationFailed, func(f *Facts) { f.Status.Replication[0].Failure = "locked" }},
		{ReplicationFailed, func(f *Facts) { f.Failing = map[string]string{replicate.FilesName: "away"} }},
		{"", func(f *Facts) { f.Schedules, f.Status.Replication[0].Failure = nil, "by hand" }},
		{ConsentWaits + "/" + replicate.DatabaseName, func(f *Facts) { f.Status.Replication[0].Waits = "rows of its own" }},
		{"", good(time.Hour)},
		{ReplicationLate, good(time.Hour + time.Minute)},
		{"", scheduled("@every 15m", 44*time.Minute)},
		{ReplicationLate, scheduled("@every 15m", 46*time.Minute)},
		{"", scheduled(schema.OnChange, 24*time.Hour)},
		{ReplicationLate, scheduled(schema.OnChange, 25*time.Hour)},
		{"", scheduled("0 0 1 1 *", 24*time.Hour)}, // daily, whatever it says
		{ReplicationLate, scheduled("0 0 1 1 *", 25*time.Hour)},
		{"", func(f *Facts) { good(1000 * time.Hour)(f); f.Status.Watch.Since = noon().Add(-time.Minute) }}, // it has just been started
		{ReplicationLate, func(f *Facts) { f.Status.Replication[0].Good = time.Time{} }},
		{"", func(f *Facts) { f.Status.Replication[0].Good, f.Status.Failover.Paused = time.Time{}, noon() }},
		{"", func(f *Facts) { f.Behind = Lag{replicate.DatabaseName: noon().Add(-29 * time.Minute)} }},
		{ReplicationLate, func(f *Facts) { f.Behind = Lag{replicate.DatabaseName: noon().Add(-31 * time.Minute)} }},
		{DriftFought, func(f *Facts) { f.Status.Watch.Fought = []string{"ha_conf"} }},
		{ConfigInvalid + " ?" + ConsentWaits, func(f *Facts) { f.Status.Watch.Problem = "ha.hcl:3:1: no" }},
		{ConsentWaits + "/change", func(f *Facts) { f.Status.Watch.Waits = "a role" }},
		{ConsentWaits + "/restart", func(f *Facts) {
			f.Status.Actions = []reconcile.Action{{Name: "restart postgresql", Consent: "restart", Standing: reconcile.Waiting, Owed: true}, {Name: "x", Consent: "resync", Standing: reconcile.Waiting}}
		}},
		{BudgetBroken, func(f *Facts) { f.Status.Outage.Fits = false }},
		{"", func(f *Facts) { f.Status.Outage = nil }},
		{"?consent_waits ?split_brain ?takeover ?takeover_held ?failback_waits ?services_failed ?peer_silent ?replication_failed ?replication_late ?budget_broken", func(f *Facts) { f.Known = false }},
		{"?config_invalid ?drift_fought ?consent_waits", func(f *Facts) { f.Status.Watch = nil }},
		{"?split_brain ?takeover ?takeover_held ?failback_waits ?services_failed ?peer_silent", func(f *Facts) { f.Status.Failover, f.Status.Undecided = nil, "nobody" }},
		{"", func(f *Facts) { f.Status.Failover = nil }},
	} {
		f := well()
		c.change(&f)
		if got := told(f); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

// Every condition is told in whole words.
func TestConditionsAreTold(t *testing.T) {
	f := well()
	f.Status.Watch.Problem, f.Status.Watch.Fought, f.Status.Watch.Waits = "ha.hcl:3:1: Unsupported argument", []string{"ha_conf", "sentinel"}, "a serving master node is to become slave. This waits for `hotpair apply`"
	f.Status.Outage, f.Status.Budget = &status.Outage{Change: "sip_expiry.max", ChangeTo: "4m"}, []string{"up to 5 min 32 s, and 5 min are promised."}
	f.Status.Replication[0].Failure, f.Status.Replication[1].Failure = "the peer does not answer", "the peer does not answer"
	f.Status.Failover = &takeover.Standing{Serve: true, Ever: true, Peer: failover.PeerHealthy, Trouble: failover.Waiting, Failure: "it did not end within 3m0s", Reason: "This node serves."}
	f.Status.Actions = []reconcile.Action{{Name: "restart postgresql", Consent: "restart", Standing: reconcile.Waiting, Owed: true}}
	list := f.Look().Conditions
	f.Status.Watch.Problem = ""
	list = append(list, f.Look().Conditions...)
	list = append(list, Death("The stock master check runs instead."))
	for _, c := range list {
		if c.Title == "" || c.Over == "" || c.Text == "" || c.Do == "" || strings.HasSuffix(c.Title, ".") || !strings.HasSuffix(c.Text, ".") || strings.Contains(c.Text, "..") || c.Text[0] >= 'a' && !strings.HasPrefix(c.Text, "ha.hcl") {
			t.Errorf("%+v", c)
		}
		t.Logf("%s: %s | %s | %s | %s", c.Key(), c.Title, c.Text, c.Do, c.Over)
	}
	if len(list) != 18 {
		t.Error(len(list))
	}
}

func TestTheLanguageKnowsTheCatalogue(t *testing.T) {
	var codes []string
	for _, k := range Catalogue() {
		codes = append(codes, k.Code)
	}
	if !slices.Equal(codes, schema.Conditions()) {
		t.Errorf("%v, and in ha.hcl %v", codes, schema.Conditions())
	}
}

func TestALagLasts(t *testing.T) {
	seen := func(good time.Duration, behind ...string) []replicate.Standing {
		return []replicate.Standing{{What: "database", Marks: replicate.Marks{Good: noon().Add(good)}, Behind: behind}}
	}
	l := Lag(nil).See(seen(-time.Hour, "cel"), noon())
	l = l.See(seen(-time.Hour, "cel", "x"), noon().Add(time.Minute))
	if !l["database"].Equal(noon()) {
		t.Error(l)
	}
	if l = l.See(seen(time.Minute, "cel"), noon().Add(2*time.Minute)); !l["database"].Equal(noon().Add(2 * time.Minute)) {
		t.Error("it was replicated meanwhile: " + fmt.Sprint(l))
	}
	if l = l.See(seen(time.Minute), noon().Add(3*time.Minute)); len(l) != 0 {
		t.Error(l)
	}
}
