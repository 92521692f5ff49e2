package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A draw decides how a generated node was set up by hand.
type draw struct{ *rand.Rand }

func (d draw) maybe() bool { return d.IntN(2) == 0 }

func (d draw) of(choices ...string) string { return choices[d.IntN(len(choices))] }

func TestAdoptDescribesStockAndHandMadeNodes(t *testing.T) {
	t.Parallel()
	for i := range 200 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			d := draw{rand.New(rand.NewPCG(uint64(i), 7))}
			b := newBox(t, d.of("wazo", "xivo"))
			b.handMade(d)
			before := b.tree()
			r := b.expect(exitOK, "adopt")
			if b.tree() != before {
				t.Error("adopt changed the node")
			}
			if r.err != "" {
				t.Errorf("adopt says\n%s", r.err)
			}
			b.put("etc/hotpair/ha.hcl", r.out)
			p := b.expect(exitOK, "plan", "--detailed-exitcode")
			b.contains(p.out, "No changes.")
			if t.Failed() {
				t.Logf("ha.hcl:\n%s\nnode:\n%s", r.out, before)
			}
			b.expect(exitOK, "fmt", "--check")
		})
	}
}

func (b box) handMade(d draw) {
	b.olderVersion(d)
	peer := d.of("10.0.0.1", "192.168.7.254", "2001:db8::1")
	role := d.of("master", "slave", "disabled")
	if role != "disabled" || d.maybe() {
		b.put("etc/xivo/ha.conf", handMadeHAConf(d, role, peer))
	}
	switch role {
	case "master":
		b.put("var/lib/wazo/is-primary", d.of("", "yes\n"))
		b.handMadeMasterJobs(d, peer)
	case "slave":
		b.put("var/lib/wazo/is-secondary", "")
		b.put(d.of("etc/cron.d/xivo-ha-slave", "etc/cron.d/own-check"), cronText(d, d.of("* * * * *", "*/2 * * * *"), "/usr/sbin/xivo-check-master-status "+peer))
		b.handMadeAccess(d, peer)
	}
}

// olderVersion moves the database's directory, and gives an older Wazo the
// command name that XiVO still has.
func (b box) olderVersion(d draw) {
	found, err := filepath.Glob(filepath.Join(b.dir, "etc/postgresql/*"))
	b.must(err)
	b.must(os.Rename(found[0], filepath.Join(b.dir, "etc/postgresql", d.of("12", "13", "14"))))
	wazo := filepath.Join(b.dir, "usr/bin/wazo-sync")
	if _, err := os.Stat(wazo); err == nil && d.maybe() {
		b.must(os.Rename(wazo, filepath.Join(b.dir, "usr/bin/xivo-sync")))
	}
}

func handMadeHAConf(d draw, role, peer string) string {
	if role == "disabled" {
		peer = ""
	}
	return fmt.Sprintf(d.of(
		`{"node_type": %q, "remote_address": %q}`,
		"{\n  \"node_type\" : %q,\n  \"remote_address\" : %q\n}\n",
		`{"node_type":%q,"remote_address":%q,"comment":"set up in 2019"}`,
	), role, peer)
}

// cronText is a job as somebody may have typed it.
func cronText(d draw, schedule, command string) string {
	if d.maybe() {
		schedule = strings.ReplaceAll(schedule, " ", d.of("\t", "  "))
	}
	line := schedule + d.of(" ", "\t") + "root" + d.of(" ", "   ") + command + d.of(" >/dev/null", " >/dev/null 2>&1", "", " | logger -t ha", " >>/var/log/ha.log")
	return d.of("", "# our pair\n", "MAILTO=root\n\n") + d.of("", "", "#") + line + d.of("\n", "\n", "\r\n")
}

func (b box) handMadeMasterJobs(d draw, peer string) {
	sync := "/usr/bin/xivo-sync"
	if _, err := os.Stat(filepath.Join(b.dir, "usr/bin/wazo-sync")); err == nil {
		sync = "/usr/bin/wazo-sync"
	}
	schedule := d.of("0 * * * *", "30 2 * * *", "@hourly", "*/15 6-20 * * 1-5", "0 22 * * mon-fri")
	database := cronText(d, schedule, "/usr/sbin/xivo-master-slave-db-replication "+peer)
	files := cronText(d, d.of(schedule, schedule, "45 * * * *"), d.of("", "nice -n 19 ")+sync)
	switch d.IntN(6) {
	case 5: // nobody replicates
	case 0:
		b.put("etc/cron.d/xivo-ha-master", database)
	case 1:
		b.put("etc/cron.d/xivo-ha-master", files)
	case 2:
		b.put("etc/cron.d/replication", database)
		b.put("etc/crontab", b.get("etc/crontab")+files)
	default:
		b.put("etc/cron.d/xivo-ha-master", database+files)
	}
}

func (b box) handMadeAccess(d draw, peer string) {
	found, err := filepath.Glob(filepath.Join(b.dir, "etc/postgresql/*/main"))
	b.must(err)
	dir, err := filepath.Rel(b.dir, found[0])
	b.must(err)
	hba, conf := dir+"/pg_hba.conf", dir+"/postgresql.conf"
	line := "host asterisk postgres " + peer + "/32 trust\n"
	if !strings.Contains(peer, ":") {
		line = d.of(line, "host\tasterisk\tpostgres\t"+peer+"\t255.255.255.255\ttrust\n", "host all all 0.0.0.0/0 trust # lab\n", "hostssl asterisk postgres "+peer+"/32 trust\nhostnossl asterisk postgres "+peer+"/32 trust\n")
	}
	if d.IntN(4) == 0 {
		return
	}
	b.put(hba, b.get(hba)+line)
	switch d.IntN(3) {
	case 0:
		b.put(conf, b.get(conf)+"listen_addresses = '*'\n")
	case 1:
		b.put(conf, "listen_addresses = 'localhost'\n"+b.get(conf)+"LISTEN_ADDRESSES '"+d.of("*", "localhost, *", "::, 0.0.0.0")+"' # ha")
	case 2:
		b.put(dir+"/conf.d/ha.conf", "listen_addresses='*'\n")
	}
	if d.maybe() {
		b.put(hba, strings.ReplaceAll(b.get(hba), "\n", "\r\n"))
	}
}

func TestAdoptDoesNotGuessWhenTheNodeContradictsItself(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.put("var/lib/wazo/is-primary", "")
	b.contains(b.expect(exitError, "adopt").err, "/etc/xivo/ha.conf", "is-primary exists")
	b.put("etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "somewhere"}`)
	b.contains(b.expect(exitError, "adopt").err, "names no peer")
}

func TestAdoptTellsWhatNoFileCanExpress(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.stockSlave("10.0.0.1")
	b.put("var/lib/wazo/is-primary", "")
	b.contains(b.expect(exitOK, "adopt").err, "No ha.hcl describes all of this node", "sentinel")
}
