package schema

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPlatforms(t *testing.T) {
	if diff := cmp.Diff([]string{"asterisk", "wazo", "xivo", "xivo-resilience"}, Platforms()); diff != "" {
		t.Fatal(diff)
	}
	expiries := map[string]SIPExpiry{
		"asterisk":        {time.Minute, 4 * time.Minute, 2 * time.Minute},
		"wazo":            {3 * time.Minute, 5 * time.Minute, 4 * time.Minute},
		"xivo":            {3 * time.Minute, 5 * time.Minute, 4 * time.Minute},
		"xivo-resilience": {time.Minute, 5 * time.Minute, 2 * time.Minute},
	}
	for _, name := range Platforms() {
		c := load(t, source("platform = \""+name+"\"\n"+minimal)...)
		if c.Platform.Name != name || c.SIPExpiry != expiries[name] {
			t.Errorf("%s: %+v %+v", name, c.Platform, c.SIPExpiry)
		}
		checkPresets(t, c)
		text, ok := PlatformText(name)
		formatted, diags := Format(Source{name, text})
		if !ok || diags.HasErrors() || guard(Source{name, text}).HasErrors() || string(formatted) != string(text) {
			t.Errorf("%s is not in the canonical layout: %v", name, diags)
		}
	}
	if _, ok := PlatformText("../schema"); ok {
		t.Error("a platform outside")
	}
}

func checkPresets(t *testing.T, c *Config) {
	t.Helper()
	stock := c.Platform.Name != "asterisk"
	want := Config{
		Peer: Peer{Address: c.Peer.Address, SSH: SSH{Port: 22}}, Actions: Actions{"ask", "ask", "ask", "ask"},
		Watch: Watch{"enforce", 30 * time.Second, 6}, Objective: Objective{5 * time.Minute},
	}
	got := Config{Peer: c.Peer, Actions: c.Actions, Watch: c.Watch, Objective: c.Objective}
	if diff := cmp.Diff(want.Peer.SSH, got.Peer.SSH); diff != "" || c.Failover.CheckSchedule != "* * * * *" || want.Actions != got.Actions || want.Watch != got.Watch || want.Objective != got.Objective {
		t.Errorf("%s: %+v", c.Platform.Name, got)
	}
	if c.Provisioning.Enabled != stock || c.Database.Enabled != stock || c.Platform.hasScripts() != stock || c.Replication.Runner != "daemon" || c.Replication.Access != "ssh" {
		t.Errorf("%s: %+v", c.Platform.Name, c)
	}
	if c.Replication.Schedule != "0 * * * *" || c.Replication.FilesSchedule != "0 * * * *" || c.Platform.State.HAConf == "" || c.Platform.Title == "" {
		t.Errorf("%s: %+v", c.Platform.Name, c)
	}
}

func TestWazo(t *testing.T) {
	c := load(t, source(minimal)...)
	want := Platform{
		Name: "wazo", Title: "Wazo", Active: "master", Standby: "slave",
		State: PlatformState{"/etc/xivo/ha.conf", "/var/lib/wazo/is-primary", "/var/lib/wazo/is-secondary", "/var/lib/wazo/disabled", "/var/lib/wazo-provd/plugins"},
		Stock: StockJobs{"/etc/cron.d/xivo-ha-master", "/etc/cron.d/xivo-ha-slave", "/usr/sbin/xivo-master-slave-db-replication",
			"/usr/bin/wazo-sync", "/usr/sbin/xivo-check-master-status"},
		PostgreSQL: PlatformPostgreSQL{"/etc/postgresql", "main", "asterisk", "postgres", "postgresql.service"},
		WithoutHA:  SIPExpiry{Min: time.Minute, Max: time.Hour, Default: 2 * time.Minute},
		Telephony: Telephony{Unit: "asterisk.service", Manage: "/usr/sbin/xivo-manage-slave-services", Service: "/usr/bin/wazo-service",
			Generate: "/usr/bin/wazo-confgen", Asterisk: "/usr/sbin/asterisk"},
	}
	if diff := cmp.Diff(want, c.Platform); diff != "" {
		t.Error(diff)
	}
	if c.Provisioning.URL.Reveal() != "http://127.0.0.1:8666/0.2" || c.Provisioning.Auth.URL.Reveal() != "http://127.0.0.1:9497/0.1" ||
		c.Provisioning.Auth.KeyFile != "/var/lib/wazo-auth-keys/hotpair-key.yml" || c.Database.URL.Reveal() != "postgres:///asterisk?host=/var/run/postgresql&user=postgres" {
		t.Errorf("%s %+v", c.Database.URL.Reveal(), c.Provisioning.Auth)
	}
	if len(c.Replication.Directories) != 7 || len(c.Replication.NodeLocalTables) != 6 || len(c.Replication.VersionTables) != 6 {
		t.Errorf("%+v", c.Replication)
	}
}

func TestResilienceSpeaksOfMainAndStandby(t *testing.T) {
	c := load(t, source("platform = \"xivo-resilience\"\n"+minimal)...)
	if c.Platform.Active != "main" || c.Platform.Standby != "standby" || c.Platform.Stock.ReplicateFiles != "/usr/bin/xivo-sync" {
		t.Errorf("%+v", c.Platform)
	}
}

func TestPlatformOfOnesOwn(t *testing.T) {
	c := load(t, source("platform = \"/etc/hotpair/bare.hcl\"\nprovisioning {\n  enabled = false\n}\n"+minimal)...)
	if c.Platform.State.HAConf != "/srv/ha.conf" || c.Platform.Active != "master" || c.Origin("state.primary") != "/etc/hotpair/bare.hcl:4:3" {
		t.Errorf("%+v %s", c.Platform, c.Origin("state.primary"))
	}
	o := world()
	o.ReadFile = nil
	if _, diags := Load(source("platform = \"/etc/hotpair/bare.hcl\"\n"+minimal), o); !diags.HasErrors() {
		t.Error("read without a way to read")
	}
}

// A mistake in a platform file is shown with its line, masked.
func TestPlatformsLineIsShown(t *testing.T) {
	text := refusal(t, source("platform = \"/etc/hotpair/broken.hcl\"\n"+minimal)...)
	if !strings.Contains(text, "/etc/hotpair/broken.hcl:2:") || !strings.Contains(text, "token = ") || strings.Contains(text, "s3cr3t") {
		t.Error(text)
	}
}

func TestReference(t *testing.T) {
	entries := map[string]Entry{}
	for _, e := range Reference() {
		if e.Doc == "" || e.Kind == "" || !strings.HasSuffix(e.Doc, ".") {
			t.Errorf("%+v", e)
		}
		entries[e.Path] = e
	}
	for _, path := range []string{"platform", "peer.ssh.port", "replication.extra_exclude.tables", "watch.max_heals"} {
		if _, ok := entries[path]; !ok {
			t.Errorf("%s is missing", path)
		}
	}
	for _, path := range []string{"title", "stock.master_file", "replication.tables.version"} {
		if _, ok := entries[path]; ok {
			t.Errorf("%s is not for ha.hcl", path)
		}
	}
}
