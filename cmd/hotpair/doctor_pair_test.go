package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
	"github.com/hotpair/hotpair/resources/peer"
)

// paired is a master with a channel to its standby, and the tables of a platform
// on both.
type paired struct {
	*joined
	databases [2]*postgres.Server
	admitted  string // the standby's authorized_keys
}

func newPaired(t testing.TB) *patient {
	t.Helper()
	w := &paired{joined: newJoined(t)}
	w.must(os.Chmod(filepath.Dir(w.dir), 0o755)) // the servers' user enters it
	for _, b := range []box{w.box, w.standby} {
		b.put(hbaFile, strings.ReplaceAll(b.get(hbaFile), "peer\n", "trust\n"))
		b.put("etc/hotpair/ha.d/database.hcl", "database {\n  enabled = true\n}\nprovisioning {\n  enabled = false\n}\nreplication {\n  runner = \"daemon\"\n}\n")
		b.must(os.Symlink("/usr/bin/rsync", filepath.Join(b.dir, "usr/bin/rsync")))
		b.put("etc/asterisk/extensions_extra.d/first.conf", "first")
		b.put("etc/default/locale", "LANG=fr_FR.UTF-8\n")
	}
	w.databases[0] = boxtest.Postgres(t, postgres.Options{Dir: w.dir})
	w.standby.put("etc/hotpair/ha.d/sip.hcl", "failover {\n  sip {\n    enabled = false\n  }\n}\n")
	conn := boxtest.Platform(t, w.databases[0], "asterisk", wazodb.Filling{Users: 20, Seed: 1})
	_, err := conn.Exec(t.Context(), "DELETE FROM infos; INSERT INTO infos (uuid, wazo_version, live_reload_enabled, configured) VALUES ('one', '26.01', true, true)")
	w.must(err)
	w.must(conn.Close(t.Context()))
	w.must(os.RemoveAll(filepath.Join(w.standby.dir, "etc/postgresql/15/main")))
	w.databases[1] = boxtest.Clone(t, w.databases[0], postgres.Options{Dir: w.standby.dir})
	w.expect(exitOK, "init", "--accept-host-key", w.fingerprint())
	w.pin(w.hostKey)
	w.admitted = w.standby.get(peer.AuthorizedKeys)
	p := inBed(w.box)
	p.pair, p.args, p.patience = w, []string{"--peer"}, 20*time.Second
	return p
}

// sql executes statements on the standby.
func (w *paired) sql(statements string) {
	w.t.Helper()
	conn, err := w.databases[1].Connect(w.t.Context(), "asterisk")
	w.must(err)
	defer conn.Close(w.t.Context())
	_, err = conn.Exec(w.t.Context(), statements)
	w.must(err)
}

// interpose has a script stand between sshd and the standby's hotpair, whose
// command line is "$@".
func (w *paired) interpose(script string) {
	w.t.Helper()
	command := binary(w.t) + " --root " + w.standby.dir
	w.standby.put("between", "#!/bin/sh\nset -- "+command+" \"$@\"\n"+script+"\n")
	w.must(os.Chmod(w.standby.dir+"/between", 0o755))
	w.standby.put(peer.AuthorizedKeys, strings.Replace(w.admitted, command, w.standby.dir+"/between", 1))
}

// onItsWay has what the standby answers be edited on its way.
func onItsWay(script string) func(p *patient) {
	return func(p *patient) {
		p.pair.interpose("case $SSH_ORIGINAL_COMMAND in state | facts) \"$@\" | sed '" + script + "' ;; *) exec \"$@\" ;; esac")
	}
}

func refusing(request string) func(p *patient) {
	return func(p *patient) {
		p.pair.interpose("case $SSH_ORIGINAL_COMMAND in " + request + "*) echo hotpair peer: an unknown request >&2; exit 1 ;; esac\nexec \"$@\"")
	}
}

func direct(p *patient) { p.pair.standby.put(peer.AuthorizedKeys, p.pair.admitted) }

func onStandby(statements string) func(p *patient) {
	return func(p *patient) { p.pair.sql(statements) }
}

func onPair() []ailment {
	strike := func(p *patient) { p.pair.standby.put(peer.AuthorizedKeys, p.pair.admin) }
	return []ailment{
		{code: "host-key", says: "no host key of the peer is pinned", ail: func(p *patient) { p.pair.pin("") }, hand: func(p *patient) { p.pair.pin(p.pair.hostKey) }},
		{code: "ssh-reach", says: "the peer does not admit our key", ail: strike},
		{code: "admission", says: "admits no key of hotpair's", ail: strike, standby: true},
		{code: "database-reach", says: "its PostgreSQL does not answer", ail: func(p *patient) { p.must(p.pair.databases[1].Stop()) },
			hand: func(p *patient) { p.must(p.pair.databases[1].Restart(p.t.Context())) }},
		{code: "files-reach", says: "an unknown request", ail: refusing("rsync"), hand: direct},
		{code: "peer-state", says: "its services are active", ail: func(p *patient) { p.must(os.Remove(p.pair.standby.dir + "/var/lib/wazo/disabled")) },
			hand: func(p *patient) { p.pair.standby.put("var/lib/wazo/disabled", "") }},
		{code: "clock", says: "the clocks are ", ail: onItsWay(`s/"now":"[^"]*"/"now":"2020-01-01T00:00:00Z"/`), hand: direct},
		{code: "hotpair-version", says: "it has hotpair 0.0.9, this node has " + version, ail: onItsWay(`s/"hotpair":"[^"]*"/"hotpair":"0.0.9"/`), hand: direct},
		{code: "product-version", says: "26.01 here, 25.17 on the peer", ail: onStandby("UPDATE infos SET wazo_version = '25.17'"), hand: onStandby("UPDATE infos SET wazo_version = '26.01'")},
		{code: "locale", says: "LANG: fr_FR.UTF-8 here, en_US.UTF-8 on the peer", ail: func(p *patient) { p.pair.standby.put("etc/default/locale", "LANG=\"en_US.UTF-8\"\n") }},
		{code: "schema-versions", says: "alembic_version says ", ail: onStandby("UPDATE alembic_version SET version_num = version_num || 'x'"), hand: onStandby("UPDATE alembic_version SET version_num = left(version_num, -1)")},
		{code: "columns", says: "column userfeatures.shoe_size is on the standby only", ail: onStandby("ALTER TABLE userfeatures ADD shoe_size integer"), hand: onStandby("ALTER TABLE userfeatures DROP shoe_size")},
		{code: "peer-doctor", says: "the peer refuses: an unknown request", unseen: true, ail: refusing("facts"), hand: direct},
		{code: "replicated", says: "database: never replicated well; files: never replicated well"},
		{code: "verified", says: "files: never verified"},
		{code: "stock-cron", says: "still in cron, until hotpair's daemon takes over: replicate files (/etc/cron.d/xivo-ha-master, line 1)",
			ail: func(p *patient) { p.put("etc/cron.d/xivo-ha-master", "0 * * * * root /usr/bin/wazo-sync >/dev/null\n") }},
	}
}

func TestTheDoctorOnAPair(t *testing.T) {
	t.Parallel()
	p := newPaired(t)
	p.tellsOfThePeer()
	for _, a := range onPair() {
		p.treat(a)
	}
}

// tellsOfThePeer has the peer's own findings come with this node's, and what a
// hostile one writes be of no effect.
func (p *patient) tellsOfThePeer() {
	p.t.Helper()
	p.must(os.Mkdir(p.pair.standby.dir+"/var/lib/wazo-provd", 0o755))
	p.must(os.MkdirAll(p.pair.standby.dir+"/var/lib/wazo-provd/plugins/xivo-yealink", 0o755))
	r := p.expect(exitDifferent, "doctor", "--peer", "provd-plugins")
	p.contains(r.out, "  ok  peer-doctor    it looked at ", "  no  provd-plugins  installed here: xivo-yealink")
	r = p.expect(exitDifferent, "doctor", "--peer")
	p.contains(r.out, "This node (master):\n", "\nThe peer, 127.0.0.2, about itself; mend it there:\n", "  no  provd-plugins  ", "installed here: xivo-yealink", "  ok  ping-reach ")
	onItsWay(`s/"code":"provd-plugins"/"code":"made-up"/; s/installed here/\\u001b[2J\\n&/; s/"result":"well","says":"/&\\u001b[31m/g`)(p)
	r = p.expect(exitDifferent, "doctor", "--peer", "--json")
	if strings.Contains(r.out, `\u001b`) || strings.Contains(r.out, "made-up") || !strings.Contains(r.out, "\uFFFD[31m") {
		p.t.Error(r.out)
	}
	direct(p)
	p.must(os.RemoveAll(p.pair.standby.dir + "/var/lib/wazo-provd"))
}

func onStaged() []ailment {
	file := func(name, text string) func(p *patient) { return func(p *patient) { p.more(name, text) } }
	return []ailment{
		{code: "failover", says: "", ail: func(p *patient) { p.expect(exitOK, "maintenance") }},
		{code: "witnesses", says: "never seen alive, so without a vote: ::2", ail: file("witness", "failover {\n  witnesses = [\"127.0.0.9\", \"::2\"]\n}\n"),
			hand: file("witness", "failover {\n  witnesses = [\"127.0.0.9\"]\n}\n")},
		{code: "probes", says: "never seen alive, so without a vote: postgresql", ail: func(p *patient) {
			p.more("probe", fmt.Sprintf("failover {\n  postgresql {\n    enabled = true\n    port    = %d\n  }\n}\n", boxtest.FreePort(p.t, "127.0.0.3")))
		}, hand: file("probe", "failover {\n  postgresql {\n    enabled = false\n  }\n}\n")},
		{code: "reports", says: "the master's hotpair is not heard", ail: func(p *patient) { p.staged.endMaster() }, hand: func(p *patient) { p.staged.master.watch() }},
	}
}

// endMaster kills the master's daemon.
func (s *staged) endMaster() {
	_ = s.master.cmd.Process.Kill()
	_ = s.master.cmd.Wait()
}

func TestTheDoctorOnAPairWithDaemons(t *testing.T) {
	t.Parallel()
	s := stage(t, kamailio.Auth{})
	p := inBed(s.standby)
	p.staged, p.patience = s, time.Minute
	for _, a := range onStaged() {
		p.treat(a)
	}
}
