package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/reconcile/laws"
)

// stockNodes are nodes as people have them before hotpair, by the skeleton that
// they are made of: files that are there besides.
func stockNodes() map[string]map[string]string {
	own := map[string]string{
		"etc/cron.d/mine": "MAILTO=me\n15 4 * * * root /usr/bin/nice -n 5 /usr/bin/wazo-sync >/dev/null\n# the end",
		"etc/crontab":     "SHELL=/bin/sh\n# */5 * * * * root /usr/sbin/xivo-master-slave-db-replication 10.0.0.2\n17 * * * * root true\n",
	}
	with := func(files map[string]string, more map[string]string) map[string]string {
		all := maps.Clone(files)
		maps.Copy(all, more)
		maps.DeleteFunc(all, func(_, text string) bool { return text == absent })
		return all
	}
	paused := "etc/cron.d/xivo-ha-slave"
	return map[string]map[string]string{
		"wazo without a pair":     with(stockFiles("disabled", ""), nil),
		"wazo master":             with(stockFiles("master", "10.0.0.2"), own),
		"wazo slave":              with(stockFiles("slave", "10.0.0.2"), nil),
		"wazo slave, paused":      with(stockFiles("slave", "10.0.0.2"), map[string]string{paused: "#* * * * * root /usr/sbin/xivo-check-master-status 10.0.0.2 >/dev/null\n"}),
		"wazo with other wording": with(stockFiles("disabled", ""), map[string]string{"etc/xivo/ha.conf": "{\"remote_address\":\"\",\n \"node_type\": \"disabled\", \"mine\": 1}\n"}),
		"xivo without a pair":     {"etc/xivo/ha.conf": `{"node_type": "disabled", "remote_address": ""}`},
		"xivo slave":              with(stockFiles("slave", "10.0.0.2"), nil),
		"asterisk without a pair": {},
	}
}

// Whatever hotpair made of a node, it becomes to the byte what it was.
func TestRestoreStockGivesBackEveryNodeToTheByte(t *testing.T) {
	t.Parallel()
	for name, files := range stockNodes() {
		for _, roles := range [][]string{{"master"}, {"slave"}, {"slave", "master"}, {"master", "disabled", "slave"}, {"disabled"}} {
			for _, runner := range []string{"stock", "daemon"} {
				t.Run(fmt.Sprint(name, roles, runner), func(t *testing.T) {
					t.Parallel()
					platform, _, _ := strings.Cut(name, " ")
					b := stockBox(t, platform, files)
					before := b.stockTree()
					for _, role := range roles {
						b.become(platform, role, runner)
					}
					b.contains(b.expect(exitOK, "uninstall", "--restore-stock", "--dry-run").out, "This node was found as")
					b.expect(exitOK, "uninstall", "--restore-stock", "--auto-approve", "--allow", "restart")
					after := b.stockTree()
					if strings.Contains(name, "slave") { // whether its services run is for the stock master check to decide
						before, after = withoutFile(before, "var/lib/wazo/disabled"), withoutFile(after, "var/lib/wazo/disabled")
					}
					if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(after, "\n")); diff != "" {
						t.Error(diff)
					}
					b.contains(b.expect(exitOK, "uninstall", "--restore-stock").out, "hotpair has changed nothing here")
				})
			}
		}
	}
}

func stockBox(t *testing.T, platform string, files map[string]string) box {
	b := newBox(t, platform)
	for name, text := range files {
		b.put(name, text)
	}
	if strings.Contains(files["etc/xivo/ha.conf"], "slave") {
		b.put("var/lib/wazo/disabled", "")
	}
	return b
}

func (b box) become(platform, role, runner string) {
	b.t.Helper()
	text := fmt.Sprintf("platform = %q\nnode {\n  role = %q\n}\npeer {\n  address = \"10.0.0.3\"\n}\n", platform, role)
	if platform != "asterisk" {
		text += fmt.Sprintf("replication {\n  runner = %q\n}\n", runner)
	} else {
		text += "database {\n  enabled = false\n}\n"
	}
	b.put("etc/hotpair/ha.hcl", text)
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
}

// stockTree shows the node without ha.hcl and what hotpair keeps for itself.
func (b box) stockTree() string {
	b.t.Helper()
	var kept []string
	for line := range strings.Lines(laws.Tree(b.dir, false)) {
		if !strings.HasPrefix(line, "etc/hotpair/ha.hcl") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestRestoreStockLeavesWhatSomebodyElseChanged(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	const hba = "etc/postgresql/15/main/pg_hba.conf"
	mine := b.get(hba) + "host all me 192.0.2.1/32 scram-sha-256\n"
	b.put(hba, mine)
	r := b.expect(exitOK, "uninstall", "--restore-stock", "--auto-approve", "--allow", "restart")
	b.contains(r.out, "/"+hba+" is left as it is: somebody else has changed it", "/var/lib/hotpair/original/"+hba)
	b.is(hba, mine)
	b.is("etc/xivo/ha.conf", absent)
	b.contains(b.get("var/lib/hotpair/original/"+hba), "local")
	b.is("var/lib/hotpair/ledger.json", absent)
}

func TestRestoreStockRefusesWhileTheDaemonRuns(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	b.expect(exitOK, "apply", "--auto-approve")
	before := b.tree()
	b.contains(b.expect(exitError, "uninstall", "--restore-stock").err, "there is no terminal to ask on")
	if after := b.tree(); after != before {
		t.Errorf("from\n%s\nto\n%s", before, after)
	}
	w := settled(t)
	w.watch()
	r := w.expect(exitLocked, "uninstall", "--restore-stock", "--auto-approve")
	w.contains(r.err, "hotpair watch (pid ", "systemctl disable --now hotpair", "Nothing was changed.")
}

func TestRestoreStockKeepsTheRowsOfTheStandby(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	b.expect(exitOK, "apply", "--auto-approve")
	b.put("var/lib/hotpair/kept/rows.jsonl", "{}\n")
	b.expect(exitOK, "uninstall", "--restore-stock", "--auto-approve")
	names, err := os.ReadDir(filepath.Join(b.dir, "var/lib/hotpair"))
	if err != nil || len(names) != 1 || names[0].Name() != "kept" {
		t.Errorf("left %v, %v", names, err)
	}
}

// The documents of phones and the rows of the database become what they were as
// well, whether the node was in a pair of the stock tools or in none.
func TestRestoredRows(t *testing.T) {
	t.Parallel()
	for _, found := range []string{"disabled", "master"} {
		for i, roles := range [][]string{{"master"}, {"slave", "master"}, {"master", "disabled"}, {"master", "slave"}} {
			t.Run(strconv.Itoa(i), func(t *testing.T) { // a short name: it is in the path of a socket
				t.Log(found, roles)
				b, seed := newPostgresBox(t), emulated.Seeding{Phones: 3, Own: "10.0.0.1"}
				if found == "master" {
					seed.Backup = "10.0.0.2"
				}
				for name, text := range stockFiles(found, "10.0.0.2") {
					if text != absent {
						b.put(name, text)
					}
				}
				p := newPhoneBoxOf(t, seed)
				p.listen()
				b.put("var/lib/wazo-auth-keys/hotpair-key.yml", p.get("var/lib/wazo-auth-keys/hotpair-key.yml"))
				documents, rows := p.documents(), b.rows()
				for _, role := range roles {
					b.declare(role, "10.0.0.3", p.provisioning())
					b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart,resync")
				}
				b.expect(exitOK, "uninstall", "--restore-stock", "--auto-approve")
				if diff := cmp.Diff(documents, p.documents()); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(rows, b.rows()); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// rows are those that say how long registrations last.
func (b *postgresBox) rows() (text string) {
	b.t.Helper()
	conn, err := b.server.Connect(b.t.Context(), "asterisk")
	b.must(err)
	defer conn.Close(b.t.Context())
	b.must(conn.QueryRow(b.t.Context(), `SELECT string_agg(s::text || coalesce(o::text, ''), E'\n' ORDER BY s::text, o::text)
		FROM endpoint_sip_section s LEFT JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid`).Scan(&text))
	return text
}
