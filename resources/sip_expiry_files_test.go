package resources

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/laws"
	"github.com/hotpair/hotpair/schema"
)

const pjsipConf = "etc/asterisk/pjsip.conf"

func asteriskConfig(t *testing.T, role string) *schema.Config {
	return config(t, role, "10.0.0.2", "platform = \"asterisk\"\n")
}

func TestExpiryInFilesKeepsTheLaws(t *testing.T) {
	laws.Check(t, func(t *testing.T) laws.Subject {
		h, dir := sandbox(t, "asterisk")
		put(t, dir, "etc/asterisk/sip.conf", "[general]\nlanguage=de\n\n[6003]\ntype=friend\n")
		return laws.Subject{
			Root: h.Root, Roles: []string{"master"}, Without: "disabled",
			Declare: func(role string, l *reconcile.Ledger) ([]reconcile.Declared, error) {
				cfg := asteriskConfig(t, role)
				all, err := Declare(t.Context(), cfg, env(t, h, cfg, l))
				return slices.DeleteFunc(all, func(d reconcile.Declared) bool { return d.ID.Kind != "sip_expiry" }), err
			},
			FollowUps: FollowUps(asteriskConfig(t, "disabled"), Env{Host: h}),
			World:     func() string { return laws.Tree(dir, true) },
			Content:   func() string { return laws.Tree(dir, false) },
			Disturb: func(string) error {
				path := filepath.Join(dir, pjsipConf)
				text, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				return os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "=240", "=3600")), 0o644)
			},
		}
	})
}

func TestPlainAsteriskGetsItsExpiryInFilesAndItsFileBack(t *testing.T) {
	h, dir := sandbox(t, "asterisk")
	before := get(t, dir, pjsipConf)
	for _, role := range []string{"master", "slave"} {
		p := settle(t, h, asteriskConfig(t, role))
		if text := get(t, dir, pjsipConf); !strings.Contains(text, "minimum_expiration=60\ndefault_expiration=120\nmaximum_expiration=240\n; hotpair: end\n\n[6001](phones)") {
			t.Errorf("as %s: %s", role, text)
		}
		want := "A trunk in /etc/asterisk/pjsip.conf registers for longer than sip_expiry.max (240 s), and its provider sends calls to a dead node for as long: provider expiration 3600"
		if !slices.ContainsFunc(p.Notes, func(n reconcile.Note) bool { return strings.HasPrefix(n.Text, want) }) {
			t.Errorf("notes: %v", p.Notes)
		}
	}
	if log := get(t, dir, "var/log/commands.log"); log != "asterisk -rx module reload res_pjsip.so\n" {
		t.Errorf("commands: %q", log)
	}
	settle(t, h, asteriskConfig(t, "disabled"))
	if diff := cmp.Diff(before, get(t, dir, pjsipConf)); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenMarkersInPjsipConfAreRefused(t *testing.T) {
	h, dir := sandbox(t, "asterisk")
	cfg := asteriskConfig(t, "master")
	settle(t, h, cfg)
	put(t, dir, pjsipConf, strings.Replace(get(t, dir, pjsipConf), "; hotpair: end\n", "maximum_expiration=9\n", 1))
	l, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		t.Fatal(err)
	}
	declared, err := Declare(t.Context(), cfg, env(t, h, cfg, l))
	if err != nil {
		t.Fatal(err)
	}
	e := &reconcile.Engine{Declared: declared, FollowUps: FollowUps(cfg, Env{Host: h}), Ledger: l}
	if err := planError(t, e); err == nil || !strings.Contains(err.Error(), "/etc/asterisk/pjsip.conf, line 11:") {
		t.Errorf("got %v", err)
	}
}
