package main

import (
	"fmt"
	"strings"
	"testing"
)

const absent = "(absent)"

// stockFiles are the files of a role, byte for byte as the stock tools write
// them.
func stockFiles(role, peer string) map[string]string {
	files := map[string]string{
		"etc/xivo/ha.conf":          `{"node_type": "disabled", "remote_address": ""}`,
		"var/lib/wazo/is-primary":   absent,
		"var/lib/wazo/is-secondary": absent,
		"etc/cron.d/xivo-ha-master": absent,
		"etc/cron.d/xivo-ha-slave":  absent,
	}
	switch role {
	case "master":
		files["etc/xivo/ha.conf"] = fmt.Sprintf(`{"node_type": "master", "remote_address": "%s"}`, peer)
		files["var/lib/wazo/is-primary"] = ""
		files["etc/cron.d/xivo-ha-master"] = fmt.Sprintf("0 * * * * root /usr/sbin/xivo-master-slave-db-replication %s >/dev/null\n0 * * * * root /usr/bin/wazo-sync >/dev/null\n", peer)
	case "slave":
		files["etc/xivo/ha.conf"] = fmt.Sprintf(`{"node_type": "slave", "remote_address": "%s"}`, peer)
		files["var/lib/wazo/is-secondary"] = ""
		files["etc/cron.d/xivo-ha-slave"] = fmt.Sprintf("* * * * * root /usr/sbin/xivo-check-master-status %s >/dev/null\n", peer)
	}
	return files
}

func (b box) isStock(role, peer string) {
	b.t.Helper()
	for name, want := range stockFiles(role, peer) {
		b.is(name, want)
	}
}

func TestRoundTripBetweenAllRoles(t *testing.T) {
	t.Parallel()
	roles := []string{"master", "slave", "disabled"}
	for _, peer := range []string{"10.0.0.2", "2001:db8::2"} {
		for _, from := range roles {
			for _, to := range roles {
				if from != to {
					t.Run(from+" to "+to+" "+peer, func(t *testing.T) { roundTrip(t, from, to, peer) })
				}
			}
		}
	}
}

func roundTrip(t *testing.T, from, to, peer string) {
	b := newBox(t, "wazo")
	b.put("etc/xivo/ha.conf", stockFiles("disabled", "")["etc/xivo/ha.conf"])
	for i, role := range []string{from, to, from, to} {
		b.declare(role, peer)
		if i > 0 || role != "disabled" {
			b.expect(exitDifferent, "plan", "--detailed-exitcode")
		}
		b.expect(exitOK, "apply", "--auto-approve")
		b.contains(b.expect(exitOK, "plan", "--detailed-exitcode").out, "No changes.")
		b.isStock(role, peer)
	}
	hba := b.get("etc/postgresql/15/main/pg_hba.conf")
	length := map[bool]string{true: "128", false: "32"}[strings.Contains(peer, ":")]
	if line := "host asterisk postgres " + peer + "/" + length + " trust\n"; strings.Contains(hba, line) != (to == "slave") {
		t.Errorf("as %s pg_hba.conf is\n%s", to, hba)
	}
}

func TestDisabledLeavesANodeThatNeverHadHAAsItWas(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"master", "slave"} {
		t.Run(role, func(t *testing.T) {
			b := newBox(t, "wazo")
			before := map[string]string{}
			watched := []string{"etc/postgresql/15/main/pg_hba.conf", "etc/postgresql/15/main/postgresql.conf", "etc/crontab", "etc/cron.d/wazo-purge-db"}
			for _, name := range watched {
				before[name] = b.get(name)
			}
			b.declare(role, "10.0.0.2")
			b.expect(exitOK, "apply", "--auto-approve")
			edit := "# the administrator was here\n"
			for _, name := range watched {
				b.put(name, b.get(name)+edit)
			}
			b.declare("disabled", "10.0.0.2")
			b.expect(exitOK, "apply", "--auto-approve")
			for _, name := range watched {
				b.is(name, before[name]+edit)
			}
			b.isStock("disabled", "")
		})
	}
}

func TestDisabledOnANodeWithoutHAChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("disabled", "10.0.0.2")
	before := b.tree()
	b.expect(exitOK, "plan", "--detailed-exitcode")
	b.expect(exitOK, "apply", "--auto-approve")
	if after := b.tree(); after != before {
		t.Errorf("from\n%s\nto\n%s", before, after)
	}
}

// stockSlave leaves a node as the stock tools make a slave.
func (b box) stockSlave(master string) {
	for name, text := range stockFiles("slave", master) {
		if text != absent {
			b.put(name, text)
		}
	}
	hba, conf := "etc/postgresql/15/main/pg_hba.conf", "etc/postgresql/15/main/postgresql.conf"
	b.put(hba, b.get(hba)+"host asterisk postgres "+master+"/32 trust\n")
	b.put(conf, b.get(conf)+"listen_addresses = '*'\n")
}

func TestDisabledOnAStockSlaveLeavesItWithoutHA(t *testing.T) {
	t.Parallel()
	for _, master := range []string{"10.0.0.1", "2001:db8::1"} {
		t.Run(master, func(t *testing.T) {
			b, plain := newBox(t, "wazo"), newBox(t, "wazo")
			b.stockSlave(master)
			b.declare("disabled", master)
			b.expect(exitDifferent, "plan", "--detailed-exitcode")
			b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
			b.isStock("disabled", "")
			for _, name := range []string{"pg_hba.conf", "postgresql.conf"} {
				b.is("etc/postgresql/15/main/"+name, plain.get("etc/postgresql/15/main/"+name))
			}
			b.is("var/log/commands.log", "systemctl restart postgresql.service\n")
		})
	}
}

func TestDisabledOnAStockMasterLeavesItWithoutHA(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	for name, text := range stockFiles("master", "10.0.0.2") {
		if text != absent {
			b.put(name, text)
		}
	}
	b.declare("disabled", "10.0.0.2")
	b.expect(exitDifferent, "plan", "--detailed-exitcode")
	b.expect(exitOK, "apply", "--auto-approve")
	b.isStock("disabled", "")
	b.is("var/log/commands.log", absent)
}

func TestXiVOHasItsOwnNames(t *testing.T) {
	t.Parallel()
	for _, platform := range []string{"xivo", "xivo-resilience"} {
		b := newBox(t, "xivo")
		for _, role := range []string{"main", "standby", "disabled"} {
			b.put("etc/hotpair/ha.hcl", "platform = \""+platform+"\"\nnode {\n  role = \""+role+"\"\n}\npeer {\n  address = \"10.0.0.2\"\n}\n"+byStock(""))
			b.contains(b.expect(exitDifferent, "plan", "--detailed-exitcode").out, "this node is "+role)
			b.expect(exitOK, "apply", "--auto-approve")
			for name, want := range stockFiles(map[string]string{"main": "master", "standby": "slave"}[role], "10.0.0.2") {
				b.is(name, strings.Replace(want, "/usr/bin/wazo-sync", "/usr/bin/xivo-sync", 1))
			}
		}
	}
}

func TestAfterDisablingTheAdministratorMayListenAsHeLikes(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.stockSlave("10.0.0.1")
	b.declare("disabled", "10.0.0.1")
	b.expect(exitOK, "apply", "--auto-approve")
	conf := "etc/postgresql/15/main/postgresql.conf"
	b.put(conf, b.get(conf)+"listen_addresses = '*'\n")
	b.expect(exitOK, "plan", "--detailed-exitcode")
}

func TestNothingChangedWritesNothingAndRunsNothing(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"master", "slave", "disabled"} {
		t.Run(role, func(t *testing.T) {
			b := newBox(t, "wazo")
			b.declare(role, "10.0.0.2")
			b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
			b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
			node, ledger, log := b.tree(), b.get("var/lib/hotpair/ledger.json"), b.get("var/log/commands.log")
			for _, command := range [][]string{{"apply", "--auto-approve", "--allow", "restart"}, {"plan"}, {"drift"}, {"status"}, {"validate"}, {"adopt"}, {"fmt", "--check"}} {
				b.hotpair(command...)
			}
			if b.tree() != node || b.get("var/lib/hotpair/ledger.json") != ledger || b.get("var/log/commands.log") != log {
				t.Errorf("something was written: from\n%s\nto\n%s", node, b.tree())
			}
		})
	}
}
