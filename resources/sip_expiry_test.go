package resources

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/laws"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// expiryNode is a node whose telephony database is a real one.
type expiryNode struct {
	t        *testing.T
	cluster  *cluster
	host     *host.Host
	platform string
	conn     *pgx.Conn
}

func newExpiryNode(t *testing.T, platform string) *expiryNode {
	t.Helper()
	n := &expiryNode{t: t, cluster: newCluster(t), platform: platform}
	n.cluster.start(t, clusterHBA)
	skeleton := os.DirFS("../testdata/sandbox/" + platform + "/usr")
	if err := os.CopyFS(n.cluster.path("usr"), skeleton); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"var/lib/wazo", "var/lib/stub", "var/log", "etc/xivo", "etc/cron.d"} {
		put(t, n.cluster.root, dir+"/.keep", "")
	}
	n.host = node(t, n.cluster.root)
	n.refill()
	return n
}

// refill makes the database anew.
func (n *expiryNode) refill() {
	n.t.Helper()
	text, err := os.ReadFile("../testdata/sandbox/" + n.platform + ".sql")
	if err != nil {
		n.t.Fatal(err)
	}
	if n.conn != nil {
		n.conn.Close(n.t.Context())
	}
	admin := n.cluster.admin(n.t)
	for _, sql := range []string{"DROP DATABASE IF EXISTS asterisk WITH (FORCE)", "CREATE DATABASE asterisk"} {
		if _, err := admin.Exec(n.t.Context(), sql); err != nil {
			n.t.Fatal(err)
		}
	}
	if n.conn, err = n.cluster.connect(n.t.Context(), "asterisk", ""); err != nil {
		n.t.Fatal(err)
	}
	conn := n.conn
	n.t.Cleanup(func() { conn.Close(context.WithoutCancel(n.t.Context())) })
	n.exec(string(text))
	if err := os.RemoveAll(n.cluster.path("var/lib/hotpair")); err != nil {
		n.t.Fatal(err)
	}
	put(n.t, n.cluster.root, "etc/xivo/ha.conf", `{"node_type": "disabled", "remote_address": ""}`)
}

func (n *expiryNode) exec(sql string, args ...any) {
	n.t.Helper()
	if _, err := n.conn.Exec(n.t.Context(), sql, args...); err != nil {
		n.t.Fatal(err)
	}
}

func (n *expiryNode) config(role string, blocks ...string) *schema.Config {
	url := fmt.Sprintf("database {\n  url = \"postgres:///asterisk?host=%s&port=%d&user=postgres\"\n}\n", clusterSockets, n.cluster.port)
	return config(n.t, role, "10.0.0.2", append(blocks, fmt.Sprintf("platform = %q\n", n.platform)+url)...)
}

func (n *expiryNode) engine(role string, blocks ...string) *reconcile.Engine {
	n.t.Helper()
	l, err := reconcile.OpenLedger(n.host.Root)
	if err != nil {
		n.t.Fatal(err)
	}
	cfg := n.config(role, blocks...)
	e := env(n.t, n.host, cfg, l)
	declared, err := declareSIPExpiry(n.t.Context(), cfg, e)
	if err != nil {
		n.t.Fatal(err)
	}
	found := reconcile.Found{Role: string(e.Found.Role)}
	return &reconcile.Engine{Declared: declared, FollowUps: FollowUps(cfg, e), Ledger: l, Found: found, Now: time.Now, Dismantling: role == "disabled"}
}

func (n *expiryNode) apply(role string) reconcile.Plan {
	n.t.Helper()
	e := n.engine(role)
	p, err := e.Plan(n.t.Context())
	if err == nil {
		err = p.Err()
	}
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := e.Apply(n.t.Context(), p); err != nil {
		n.t.Fatal(err)
	}
	return p
}

// rows shows every row of the tables; with stamps also which transaction wrote
// it.
func (n *expiryNode) rows(stamps bool) string {
	n.t.Helper()
	extra := "''"
	if stamps {
		extra = "xmin::text"
	}
	tables := map[string][]string{"wazo": {"endpoint_sip_section", "endpoint_sip_section_option"}, "xivo": {"staticsip"}}
	var b strings.Builder
	for _, table := range tables[n.platform] {
		rows, err := n.conn.Query(n.t.Context(), fmt.Sprintf("SELECT %s, t::text FROM %s t ORDER BY t::text", extra, table))
		if err != nil {
			n.t.Fatal(err)
		}
		var stamp, text string
		_, err = pgx.ForEachRow(rows, []any{&stamp, &text}, func() error {
			fmt.Fprintln(&b, table, stamp, text)
			return nil
		})
		if err != nil {
			n.t.Fatal(err)
		}
	}
	return b.String()
}

// values are the three of a tenant, as Asterisk would get them.
func (n *expiryNode) values(name string) string {
	n.t.Helper()
	for _, d := range n.engine("master").Declared {
		if d.ID.Name == name {
			have, err := d.Resource.Have(n.t.Context())
			if err != nil {
				n.t.Fatal(err)
			}
			return fmt.Sprint(have["minimum"], " ", have["default"], " ", have["maximum"])
		}
	}
	return "not there"
}

func TestExpiryKeepsTheLaws(t *testing.T) {
	for platform, disturb := range map[string]string{
		"wazo": `UPDATE endpoint_sip_section_option SET value = '1800' WHERE key = 'maximum_expiration' AND endpoint_sip_section_uuid <> 'bbbbbbbb-0000-4000-8000-000000000003'`,
		"xivo": `UPDATE staticsip SET var_val = '1800' WHERE var_name = 'maxexpiry'`,
	} {
		t.Run(platform, func(t *testing.T) {
			n := newExpiryNode(t, platform)
			laws.Check(t, func(t *testing.T) laws.Subject {
				n.refill()
				return laws.Subject{
					Root: n.host.Root, Roles: []string{"master"}, Without: "disabled",
					Declare: func(role string, l *reconcile.Ledger) ([]reconcile.Declared, error) {
						cfg := n.config(role)
						return declareSIPExpiry(t.Context(), cfg, env(t, n.host, cfg, l))
					},
					FollowUps: FollowUps(n.config("disabled"), Env{Host: n.host}),
					World:     func() string { return n.rows(true) },
					Content:   func() string { return n.rows(false) },
					Disturb: func(string) error {
						_, err := n.conn.Exec(t.Context(), disturb)
						return err
					},
				}
			})
		})
	}
}

func TestEveryTenantGetsTheExpiryAndItsOwnBack(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	before := n.rows(false)
	p := n.apply("master")
	if n.values("main") != "180 240 240" || n.values("branch") != "180 240 240" {
		t.Errorf("main %s, branch %s", n.values("main"), n.values("branch"))
	}
	log, err := os.ReadFile(n.cluster.path("var/log/commands.log"))
	if err != nil || string(log) != "wazo-confgen asterisk/pjsip.conf --invalidate\nasterisk -rx module reload res_pjsip.so\n" {
		t.Errorf("commands: %q, %v", log, err)
	}
	var said []string
	for _, note := range p.Notes {
		said = append(said, note.Text)
	}
	want := []string{
		"Below the template of main an expiry is set that wins over it: reception maximum_expiration 7200.",
		"A trunk of main registers for longer than sip_expiry.max (240 s), and its provider sends calls to a dead node for as long: provider expiration 3600.",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	n.apply("disabled")
	if diff := cmp.Diff(before, n.rows(false)); diff != "" {
		t.Error(diff)
	}
	if p := n.apply("disabled"); len(p.Steps) != 0 {
		t.Errorf("disabled again does %v", p.Steps)
	}
}

func TestChanSIPsValuesAreRowsOfStaticsip(t *testing.T) {
	n := newExpiryNode(t, "xivo")
	before := n.rows(false)
	n.apply("master")
	if n.values("general") != "180 240 240" || !strings.Contains(n.rows(false), "maxexpiry,240") {
		t.Errorf("values %s, rows %s", n.values("general"), n.rows(false))
	}
	n.apply("disabled")
	if diff := cmp.Diff(before, n.rows(false)); diff != "" {
		t.Error(diff)
	}
}

func TestANodeFoundInAPairGetsThePlatformsExpiryBack(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	put(t, n.cluster.root, "etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "10.0.0.2"}`)
	n.exec(`UPDATE endpoint_sip_section_option SET value = '300' WHERE key = 'maximum_expiration'`)
	n.apply("master")
	n.apply("disabled")
	if n.values("main") != "60 120 3600" {
		t.Errorf("main %s", n.values("main"))
	}
}

func TestWhatWasFoundInAPairAndIsNotThePairsComesBack(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	put(t, n.cluster.root, "etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "10.0.0.2"}`)
	before := n.rows(false)
	n.apply("master")
	if n.values("branch") != "180 240 240" {
		t.Errorf("branch %s", n.values("branch"))
	}
	n.apply("disabled")
	if diff := cmp.Diff(before, n.rows(false)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsKeptNowhereIsToldOf(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	n.exec(`INSERT INTO tenant (uuid, slug, sip_templates_generated) VALUES ('33333333-3333-4333-8333-333333333333', 'bare', false)`)
	n.exec(`UPDATE endpoint_sip_section_option SET key = 'server_uri' WHERE key = 'expiration'`)
	said := func() string {
		var said []string
		for _, note := range n.apply("master").Notes {
			said = append(said, note.Text)
		}
		return strings.Join(said, "\n")
	}
	if text := said(); !strings.Contains(text, "1 tenant has no global SIP template") || !strings.Contains(text, "provider expiration not set, so 3600") {
		t.Errorf("said: %s", text)
	}
	n.exec(`INSERT INTO endpoint_sip_section (uuid, type, endpoint_sip_uuid) SELECT 'bbbbbbbb-0000-4000-8000-000000000009', 'registration', global_sip_template_uuid FROM tenant WHERE slug = 'main'`)
	n.exec(`INSERT INTO endpoint_sip_section_option (key, value, endpoint_sip_section_uuid) VALUES ('expiration', '120', 'bbbbbbbb-0000-4000-8000-000000000009')`)
	if text := said(); strings.Contains(text, "not set") {
		t.Errorf("a template says it: %s", text)
	}
}

func TestAnEmptySectionStays(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	n.exec(`INSERT INTO endpoint_sip_section (type, endpoint_sip_uuid) SELECT 'aor', global_sip_template_uuid FROM tenant WHERE slug = 'branch'`)
	before := n.rows(false)
	for range 2 {
		n.apply("master")
		n.apply("disabled")
		if diff := cmp.Diff(before, n.rows(false)); diff != "" {
			t.Error(diff)
		}
	}
	n.exec(`DELETE FROM endpoint_sip_section s USING tenant t WHERE t.slug = 'branch' AND s.endpoint_sip_uuid = t.global_sip_template_uuid`)
	before = n.rows(false)
	n.apply("master")
	n.apply("disabled")
	if diff := cmp.Diff(before, n.rows(false)); diff != "" {
		t.Errorf("a section of ours: %s", diff)
	}
}

func TestASecondLookWritesNothing(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	n.apply("master")
	before, log := n.rows(true), n.cluster.read(t, "/var/log/commands.log")
	for range 3 {
		n.apply("master")
	}
	if diff := cmp.Diff(before, n.rows(true)) + cmp.Diff(log, n.cluster.read(t, "/var/log/commands.log")); diff != "" {
		t.Error(diff)
	}
}

func TestALockedTableIsAnErrorAndChangesNothing(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	before := n.rows(false)
	e := n.engine("master")
	p, err := e.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx, err := n.conn.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), "LOCK TABLE endpoint_sip_section_option IN SHARE MODE")
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Apply(t.Context(), p); err == nil || !strings.Contains(err.Error(), "lock timeout") {
		t.Errorf("got %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, n.rows(false)); diff != "" {
		t.Error(diff)
	}
}

func TestHostileSlugsAreNotNames(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	n.exec(`UPDATE tenant SET slug = E'a\n;"' WHERE slug = 'main'`)
	n.exec(`UPDATE endpoint_sip SET label = E'\x1b[2J''; DROP TABLE tenant; --'`)
	n.apply("master")
	if !slices.ContainsFunc(n.engine("master").Declared, func(d reconcile.Declared) bool { return d.ID.Name == "11111111-1111-4111-8111-111111111111" }) {
		t.Error("the tenant is not known by its UUID")
	}
	n.exec(`UPDATE tenant SET slug = 'branch'`)
	if len(n.engine("master").Declared) != 2 {
		t.Error("two tenants of one slug are not told apart")
	}
}

func TestADatabaseThatIsAwayIsNamed(t *testing.T) {
	n := newExpiryNode(t, "wazo")
	n.exec(`DROP TABLE endpoint_sip_section_option, endpoint_sip_section`)
	if len(n.engine("master").Declared) != 0 {
		t.Error("something is declared without tables")
	}
	n.exec(`CREATE VIEW endpoint_sip_section_option AS SELECT 1`)
	n.exec(`DROP TABLE tenant CASCADE`)
	if err := planError(t, n.engine("master")); err == nil || !strings.Contains(err.Error(), "reading the tenants") {
		t.Errorf("got %v", err)
	}
}
