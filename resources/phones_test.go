package resources

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	box "github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/laws"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// phoneNode is a node with phones, whose own address is 10.0.0.1.
type phoneNode struct {
	t      *testing.T
	host   *host.Host
	dir    string
	server *box.Server
	blocks string // of ha.hcl
	more   string
	env    Env
}

func newPhoneNode(t *testing.T, seed box.Seeding) *phoneNode {
	t.Helper()
	n := &phoneNode{t: t}
	n.host, n.dir = sandbox(t, "wazo")
	put(t, n.dir, "etc/xivo/ha.conf", `{"node_type": "disabled", "remote_address": ""}`)
	put(t, n.dir, "var/lib/wazo-auth-keys/hotpair-key.yml", "service_id: hotpair\nservice_key: the-service-key\n")
	seed.Own = "10.0.0.1"
	data := t.TempDir()
	err := box.Seed(data, seed)
	if err == nil {
		n.server, err = box.New(box.Options{Dir: data, ServiceID: "hotpair", ServiceKey: "the-service-key"})
	}
	if err != nil {
		t.Fatal(err)
	}
	base, err := n.server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.server.Close() })
	n.blocks = fmt.Sprintf("provisioning {\n  url = %q\n  auth {\n    url = %q\n  }\n", base+"/0.2", base+"/auth/0.1")
	return n
}

func (n *phoneNode) config(role string) *schema.Config {
	return config(n.t, role, "10.0.0.2", n.blocks+n.more+"}\n")
}

func (n *phoneNode) engine(role string) *reconcile.Engine {
	n.t.Helper()
	l, err := reconcile.OpenLedger(n.host.Root)
	if err != nil {
		n.t.Fatal(err)
	}
	cfg := n.config(role)
	e := env(n.t, n.host, cfg, l)
	e.Clients, e.Progress = n.env.Clients, n.env.Progress
	declared, err := Declare(n.t.Context(), cfg, e)
	if err != nil {
		n.t.Fatal(err)
	}
	found := reconcile.Found{Role: string(e.Found.Role)}
	if e.Found.Peer.IsValid() {
		found.Peer = e.Found.Peer.String()
	}
	return &reconcile.Engine{Declared: declared, FollowUps: FollowUps(cfg, e), Ledger: l, Found: found, Now: time.Now, Dismantling: role == "disabled"}
}

// apply brings the node into a role.
func (n *phoneNode) apply(role string, consent ...string) reconcile.Plan {
	n.t.Helper()
	p, _ := n.applied(role, consent...)
	return p
}

func (n *phoneNode) applied(role string, consent ...string) (reconcile.Plan, reconcile.Outcome) {
	n.t.Helper()
	e := n.engine(role)
	e.Consent = consent
	p, err := e.Plan(n.t.Context())
	if err == nil {
		err = p.Err()
	}
	if err != nil {
		n.t.Fatal(err)
	}
	o, err := e.Apply(n.t.Context(), p)
	if err != nil {
		n.t.Fatal(err)
	}
	return p, o
}

// puts are the documents that were written since the log was emptied.
func (n *phoneNode) puts() map[string]int {
	puts := map[string]int{}
	for _, r := range n.server.Requests() {
		if r.Method != "GET" {
			puts[strings.TrimPrefix(r.Path, "/0.2/cfg_mgr/configs/")]++
		}
	}
	return puts
}

func TestPhoneKindsKeepTheLaws(t *testing.T) {
	disturb := map[string]string{"registrar": "default", "autoprov": "autoprov", "device": ""}
	for kind, id := range disturb {
		t.Run(kind, func(t *testing.T) {
			laws.Check(t, func(t *testing.T) laws.Subject {
				n := newPhoneNode(t, box.Seeding{Phones: 3, SCCP: 1})
				if id == "" {
					id = somePhone(n)
				}
				return laws.Subject{
					Root: n.host.Root, Roles: []string{"master"}, Without: "disabled", Secrets: []string{"the-service-key"},
					Declare: func(role string, l *reconcile.Ledger) ([]reconcile.Declared, error) {
						cfg := n.config(role)
						all, err := Declare(t.Context(), cfg, env(t, n.host, cfg, l))
						return slices.DeleteFunc(all, func(d reconcile.Declared) bool { return d.ID.Kind != kind }), err
					},
					FollowUps: FollowUps(n.config("disabled"), Env{Host: n.host}),
					World:     func() string { return n.world() + fmt.Sprint(n.puts()) },
					Content:   n.world,
					Disturb: func(string) error {
						return n.server.Change(id, func(d box.Document) { replaceText(d, "10.0.0.2", "10.0.0.9") })
					},
				}
			})
		})
	}
}

func (n *phoneNode) world() string {
	text, err := json.MarshalIndent(n.server.Configs(), "", " ")
	if err != nil {
		n.t.Fatal(err)
	}
	return string(text)
}

// somePhone is the document of a phone.
func somePhone(n *phoneNode) string {
	for _, id := range slices.Sorted(maps.Keys(n.server.Configs())) {
		if len(id) == 32 {
			return id
		}
	}
	n.t.Fatal("no phone")
	return ""
}

// replaceText replaces a text wherever it stands.
func replaceText(d box.Document, old, text string) {
	for key, value := range d {
		switch value := value.(type) {
		case box.Document:
			replaceText(value, old, text)
		case string:
			if value == old {
				d[key] = text
			}
		}
	}
}

func TestEveryPlaceGetsTheBackupOnceAndGivesItBack(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 290, SCCP: 12})
	if _, err := n.server.AutoCreate(); err != nil {
		t.Fatal(err)
	}
	before := n.server.Configs()
	n.apply("master")
	puts := n.puts()
	if len(puts) != 303+2 {
		t.Errorf("%d documents were written", len(puts))
	}
	for id, times := range puts {
		if times != 1 {
			t.Errorf("%s was written %d times", id, times)
		}
	}
	for id, d := range n.server.Configs() {
		mains, backups := strings.Count(asText(d), `"10.0.0.1"`), strings.Count(asText(d), `"10.0.0.2"`)
		if _, kept := puts[id]; kept && backups == 0 || backups > mains {
			t.Errorf("%s has %d main addresses and %d backups", id, mains, backups)
		}
	}
	n.server.Forget()
	if p := n.apply("master"); len(p.Steps) != 0 || len(n.puts()) != 0 {
		t.Errorf("the second apply does %v, writes %v", p.Steps, n.puts())
	}
	n.apply("disabled")
	if diff := cmp.Diff(before, n.server.Configs()); diff != "" {
		t.Error(diff)
	}
	if len(n.puts()) != 303+2 {
		t.Errorf("disabling wrote %d documents", len(n.puts()))
	}
}

func asText(d box.Document) string {
	text, _ := json.Marshal(d)
	return string(text)
}

func TestWhatStoodThereComesBackAsItWasWritten(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 3})
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(n.server.Configs())), func(id string) bool { return len(id) != 32 })
	for i, value := range []any{nil, "", "10.9.9.9"} {
		n.change(ids[i], func(line box.Document) { line["backup_proxy_ip"] = value })
	}
	n.change("default", func(d box.Document) { d["proxy_backup"], d["registrar_backup"] = nil, "" })
	before := n.server.Configs()
	for range 2 {
		n.apply("master")
		n.apply("disabled")
		if diff := cmp.Diff(before, n.server.Configs()); diff != "" {
			t.Error(diff)
		}
	}
	n.change(ids[0], func(line box.Document) { line["backup_proxy_ip"] = "10.8.8.8" })
	before = n.server.Configs()
	n.apply("master")
	n.apply("disabled")
	if diff := cmp.Diff(before, n.server.Configs()); diff != "" {
		t.Errorf("what was set between two pairs: %s", diff)
	}
}

// change edits a registrar, or a phone's first line.
func (n *phoneNode) change(id string, edit func(box.Document)) {
	n.t.Helper()
	err := n.server.Change(id, func(d box.Document) {
		if d["X_type"] != "registrar" {
			d = d["raw_config"].(box.Document)["sip_lines"].(box.Document)["1"].(box.Document)
		}
		edit(d)
	})
	if err != nil {
		n.t.Fatal(err)
	}
}

func TestAStockMastersBackupsAreThePairs(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 4, SCCP: 1, Backup: "10.0.0.2"})
	put(t, n.dir, "etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "10.0.0.2"}`)
	n.apply("master")
	if len(n.puts()) != 0 {
		t.Errorf("written: %v", n.puts())
	}
	n.apply("disabled")
	if text := n.world(); strings.Contains(text, "10.0.0.2") || strings.Contains(text, `"2"`) {
		t.Errorf("a dead backup is left: %s", text)
	}
}

func TestAChangeOfPeerAndADisablingLeaveNothing(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 2})
	before := n.server.Configs()
	n.apply("master")
	e := n.engine("master")
	for _, d := range e.Declared {
		if b, is := d.Resource.(*Backup); is {
			b.peer = "10.0.0.3"
		}
	}
	p, err := e.Plan(t.Context())
	if err == nil {
		_, err = e.Apply(t.Context(), p)
	}
	if err != nil {
		t.Fatal(err)
	}
	n.apply("disabled")
	if diff := cmp.Diff(before, n.server.Configs()); diff != "" {
		t.Error(diff)
	}
}

func TestSomebodyElsesChangeBeforeThePutIsKept(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 2})
	id := somePhone(n)
	e := n.engine("master")
	p, err := e.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := n.server.Change(id, func(d box.Document) { d["X_theirs"] = "kept" }); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	d := n.server.Configs()[id]
	if d["X_theirs"] != "kept" || d["X_note"] != "kept" || !strings.Contains(asText(d), "10.0.0.2") {
		t.Errorf("the document is %v", d)
	}
}

func TestTwoRegistrarsAndAFilter(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 2, Others: map[string]string{"site2": "10.0.0.5"}})
	id := somePhone(n)
	n.change(id, func(line box.Document) { line["registrar_ip"], line["proxy_ip"] = "10.0.0.5", "10.0.0.5" })
	before := n.server.Configs()
	n.more = "  registrars = [\"default\"]\n"
	n.apply("master")
	after := n.server.Configs()
	if diff := cmp.Diff(before["site2"], after["site2"]) + cmp.Diff(before[id], after[id]); diff != "" {
		t.Errorf("another registrar's: %s", diff)
	}
	if text := asText(after["autoprov"]); !strings.Contains(text, `"registrar_ip":"10.0.0.1"`) || !strings.Contains(text, `"backup_registrar_ip":"10.0.0.2"`) {
		t.Errorf("autoprov is %s", text)
	}
	n.more = ""
	n.apply("master")
	if text := asText(n.server.Configs()["site2"]) + asText(n.server.Configs()[id]); strings.Count(text, "10.0.0.2") != 4 {
		t.Errorf("all registrars: %s", text)
	}
	n.more = "  registrars = [\"default\"]\n"
	n.apply("master")
	after = n.server.Configs()
	if diff := cmp.Diff(before["site2"], after["site2"]) + cmp.Diff(before[id], after[id]); diff != "" {
		t.Errorf("what is not meant any more: %s", diff)
	}
	if p := n.apply("master"); len(p.Steps) != 0 {
		t.Errorf("again: %v", p.Steps)
	}
	n.more = "  registrars = [\"dfault\"]\n"
	if err := planError(t, n.engine("master")); err == nil || !strings.Contains(err.Error(), `"dfault", which the provisioning daemon does not have; it has default, site2`) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsSwitchedOffTooEarlyIsToldOf(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 1})
	n.apply("master")
	l, err := reconcile.OpenLedger(n.host.Root)
	if err != nil {
		t.Fatal(err)
	}
	l.Things["sip_expiry.main"] = &reconcile.Thing{Want: reconcile.Sealed{servedRole: {Text: "master"}}}
	codes := func(l *reconcile.Ledger) string {
		cfg := config(t, "disabled", "10.0.0.2", "provisioning {\n  enabled = false\n}\ndatabase {\n  enabled = false\n}\n")
		var codes []string
		for _, note := range Unkept(cfg, env(t, n.host, cfg, l)) {
			codes = append(codes, note.Code)
		}
		return strings.Join(codes, " ")
	}
	if got := codes(l); got != "backups_left expiry_left" {
		t.Errorf("told: %s", got)
	}
	n.apply("disabled")
	if l, err = reconcile.OpenLedger(n.host.Root); err != nil || codes(l) != "" {
		t.Errorf("told of nothing: %s, %v", codes(l), err)
	}
}

func TestAnIDWithASpaceIsOneLikeAnother(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 1})
	if err := n.server.AddPhone("a b", "10.0.0.1"); err != nil {
		t.Fatal(err)
	}
	before := n.server.Configs()
	n.apply("master")
	if text := asText(n.server.Configs()["a b"]); !strings.Contains(text, "10.0.0.2") {
		t.Errorf("the phone is %s", text)
	}
	n.apply("disabled")
	if diff := cmp.Diff(before, n.server.Configs()); diff != "" {
		t.Error(diff)
	}
}

func TestAnIgnoredQueryChangesNothing(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 3})
	n.server.Set(box.Fault{IgnoreQuery: true})
	for _, s := range n.apply("master").Steps {
		if s.ID.Kind == "registrar" && s.ID.Name != "default" {
			t.Errorf("%s is taken for a registrar", s.ID)
		}
	}
}

func TestProvdThatDoesNotAnswerIsNamedAndHoldsNothingElseBack(t *testing.T) {
	for want, fault := range map[string]box.Fault{
		"500 with an HTML page": {HTML: true},
		"expected":              {Garbage: true},
		"answer":                {Truncate: true},
		"no whole answer":       {Hang: true},
	} {
		n := newPhoneNode(t, box.Seeding{Phones: 1})
		n.server.Set(fault)
		e := n.engine("master")
		p, err := e.Plan(t.Context())
		if err != nil || p.Err() == nil || !strings.Contains(p.Err().Error(), want) || strings.Contains(p.Err().Error(), "\x1b") {
			t.Errorf("%+v: %v, %v", fault, err, p.Err())
		}
		if len(p.Steps) < 3 {
			t.Errorf("%+v: only %v is planned", fault, p.Steps)
		}
	}
}

func TestASlowProvdIsWaitedFor(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 2})
	n.server.Set(box.Fault{Slow: 50 * time.Millisecond})
	if p := n.apply("master"); len(p.Unseen) != 0 {
		t.Errorf("unseen: %v", p.Unseen)
	}
}

func TestAPassiveSlavesProvdMayBeDown(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 1})
	put(t, n.dir, "var/lib/wazo/disabled", "")
	n.server.Close()
	p := n.apply("slave")
	if len(p.Unseen) != 1 || !p.Unseen[0].Later() {
		t.Errorf("unseen: %v", p.Unseen)
	}
	if err := os.Remove(filepath.Join(n.dir, "var/lib/wazo/disabled")); err != nil {
		t.Fatal(err)
	}
	if err := planError(t, n.engine("slave")); err == nil || !strings.Contains(err.Error(), "nothing answers there") {
		t.Errorf("got %v", err)
	}
}

func TestTokensAreRenewedAfterTheyWereRevoked(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 1})
	n.env.Clients = &Clients{}
	n.apply("master")
	if n.server.Tokens() != 1 {
		t.Errorf("%d tokens were asked for", n.server.Tokens())
	}
	n.server.RevokeTokens()
	n.apply("disabled")
	if n.server.Tokens() != 1 {
		t.Errorf("%d tokens were asked for after one was refused", n.server.Tokens())
	}
	put(t, n.dir, "var/lib/wazo-auth-keys/hotpair-key.yml", "service_id: hotpair\nservice_key: another\n")
	n.server.RevokeTokens()
	if err := planError(t, n.engine("master")); err == nil || !strings.Contains(err.Error(), "does not know the service key") || strings.Contains(err.Error(), "another") {
		t.Errorf("got %v", err)
	}
}

func TestAStandbyThatLeavesIsNotCheckedAnyMoreBeforeItServes(t *testing.T) {
	n := newPhoneNode(t, box.Seeding{Phones: 1})
	n.apply("slave", Restart)
	put(t, n.dir, "var/lib/wazo/disabled", "")
	var order []string
	for _, s := range n.apply("disabled").Steps {
		order = append(order, s.ID.Kind)
	}
	if text := strings.Join(order, " "); !strings.HasPrefix(text, "ha_conf schedule services") {
		t.Errorf("the order is %s", text)
	}
	if log := get(t, n.dir, "var/log/commands.log"); !strings.Contains(log, "xivo-manage-slave-services start") {
		t.Errorf("commands: %s", log)
	}
}
