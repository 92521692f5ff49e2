package phones

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func document(t testing.TB, text string) Document {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc Document
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

const (
	registrar = `{"id":"default","X_type":"registrar","deletable":false,"displayname":"local","parent_ids":[],"raw_config":{"X_key":"xivo"},"proxy_main":"10.0.0.1","registrar_main":"10.0.0.1"}`
	phone     = `{"id":"d","X_own":7.50,"raw_config":{"protocol":"SIP","sip_lines":{"1":{"registrar_ip":"10.0.0.1","proxy_ip":"10.0.0.1","backup_proxy_ip":null},"2":{"username":"x"}}},"parent_ids":["base"]}`
	skinny    = `{"id":"s","raw_config":{"protocol":"SCCP","sccp_call_managers":{"1":{"ip":"10.0.0.1"}}},"parent_ids":["base"]}`
)

func TestPlacesStandBesideMainAddresses(t *testing.T) {
	for text, want := range map[string]string{
		registrar: "registrar_backup proxy_backup",
		phone:     "sip_lines.1.backup_registrar_ip sip_lines.1.backup_proxy_ip",
		skinny:    "sccp_call_managers.2.ip",
		`{"id":"x","X_type":"registrar","registrar_main":"","proxy_main":null}`:                  "",
		`{"id":"x","raw_config":{"sip_lines":[1],"sccp_call_managers":{"1":7}}}`:                 "",
		`{"id":"x","raw_config":null}`:                                                           "",
		`{"id":"x","raw_config":{"sip_lines":{"1":null,"2":{"registrar_ip":7,"proxy_ip":"a"}}}}`: "sip_lines.2.backup_proxy_ip",
	} {
		var names []string
		for _, p := range Places(document(t, text)) {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s has %q, want %q", text, got, want)
		}
	}
}

func TestClearingTakesBackWhatWasSet(t *testing.T) {
	for _, text := range []string{registrar, phone, skinny} {
		before, d := document(t, text), document(t, text)
		originals := map[string]string{}
		for _, p := range Places(d) {
			if p.Get(d) != "" {
				t.Errorf("%s is %q", p.Name, p.Get(d))
			}
			if original, found := p.Original(d); found {
				originals[p.Name] = original
			}
			p.Set(d, "10.0.0.2")
			if p.Get(d) != "10.0.0.2" {
				t.Errorf("%s is %q", p.Name, p.Get(d))
			}
		}
		for _, p := range Places(d) {
			if original, found := originals[p.Name]; found {
				if err := p.Restore(d, original); err != nil {
					t.Error(err)
				}
				continue
			}
			p.Clear(d)
		}
		if diff := cmp.Diff(before, d); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAForeignSecondCallManagerKeepsItsOtherKeys(t *testing.T) {
	d := document(t, `{"id":"s","raw_config":{"sccp_call_managers":{"1":{"ip":"10.0.0.1"},"2":{"ip":"10.0.0.9","port":2000}}}}`)
	p := Places(d)[0]
	p.Clear(d)
	if diff := cmp.Diff(document(t, `{"id":"s","raw_config":{"sccp_call_managers":{"1":{"ip":"10.0.0.1"},"2":{"port":2000}}}}`), d); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoTextIsShownAsJSON(t *testing.T) {
	d := document(t, `{"id":"r","X_type":"registrar","registrar_main":"a","registrar_backup":[1]}`)
	if got := Places(d)[0].Get(d); got != "[1]" {
		t.Errorf("got %q", got)
	}
}
