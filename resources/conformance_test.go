package resources

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/laws"
)

// disturbances tells for every kind what somebody may do behind hotpair's
// back, and in which roles the kind has something to keep.
func disturbances() map[string]struct {
	roles   []string
	disturb func(dir, role string) error
} {
	edit := func(dir, name string, change func(string) string) error {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(change(string(text))), 0o644)
	}
	both := []string{"master", "slave"}
	return map[string]struct {
		roles   []string
		disturb func(dir, role string) error
	}{
		"ha_conf": {both, func(dir, _ string) error {
			return edit(dir, "etc/xivo/ha.conf", func(string) string { return "{}" })
		}},
		"sentinel": {both, func(dir, role string) error {
			other := map[string]string{"master": "is-secondary", "slave": "is-primary"}[role]
			return os.WriteFile(filepath.Join(dir, "var/lib/wazo", other), nil, 0o644)
		}},
		"schedule": {both, func(dir, role string) error {
			return edit(dir, "etc/cron.d/xivo-ha-"+role, func(s string) string {
				return strings.NewReplacer("root", "nobody").Replace(s)
			})
		}},
		"dead_man": {[]string{"slave"}, func(dir, _ string) error {
			return edit(dir, "etc/cron.d/hotpair", func(s string) string { return strings.Replace(s, "root", "nobody", 1) })
		}},
		"services": {[]string{"slave"}, func(dir, _ string) error {
			return os.WriteFile(filepath.Join(dir, "var/lib/stub/stopped"), nil, 0o644)
		}},
		"postgres_access": {[]string{"slave"}, func(dir, _ string) error {
			return edit(dir, "etc/postgresql/15/main/pg_hba.conf", func(s string) string {
				return strings.Replace(s, "10.0.0.2/32", "10.0.0.3/32", 1)
			})
		}},
	}
}

func TestEveryKindKeepsTheLaws(t *testing.T) {
	for kind, d := range disturbances() {
		t.Run(kind, func(t *testing.T) {
			laws.Check(t, func(t *testing.T) laws.Subject {
				h, dir := sandbox(t, "wazo")
				put(t, dir, "etc/xivo/ha.conf", `{"node_type": "disabled", "remote_address": ""}`)
				if kind == "services" {
					put(t, dir, "etc/cron.d/xivo-ha-slave", "#* * * * * root /usr/sbin/xivo-check-master-status 10.0.0.2 >/dev/null\n")
					put(t, dir, "var/lib/stub/.keep", "")
				}
				return laws.Subject{
					Root: h.Root, Roles: d.roles, Without: "disabled", Observed: kind == "services",
					Declare: func(role string, l *reconcile.Ledger) ([]reconcile.Declared, error) {
						cfg := config(t, role, "10.0.0.2")
						if kind == "dead_man" {
							cfg = config(t, role, "10.0.0.2", "replication {\n  runner = \"daemon\"\n}")
						}
						node := env(t, h, cfg, l)
						node.Program, node.Watched = []string{"/usr/bin/hotpair"}, kind == "dead_man"
						all, err := Declare(t.Context(), cfg, node)
						return slices.DeleteFunc(all, func(d reconcile.Declared) bool { return d.ID.Kind != kind }), err
					},
					FollowUps: FollowUps(config(t, "disabled", "10.0.0.2"), Env{Host: h}),
					World:     func() string { return laws.Tree(dir, true) },
					Content:   func() string { return laws.Tree(dir, false) },
					Disturb:   func(role string) error { return d.disturb(dir, role) },
				}
			})
		})
	}
}

func TestNoKindIsLeftOutOfTheLaws(t *testing.T) {
	h, _ := sandbox(t, "wazo")
	for _, role := range []string{"master", "slave", "disabled"} {
		all, err := Declare(t.Context(), config(t, role, "10.0.0.2"), Env{Host: h})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			if _, tested := disturbances()[d.ID.Kind]; !tested {
				t.Errorf("%s runs no laws", d.ID.Kind)
			}
		}
	}
}
