package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/smtpd"
	"github.com/hotpair/hotpair/resources/alert/deliver"
)

// audience are a mail server and a web server that a node tells of alerts.
type audience struct {
	mail *smtpd.Server
	hook *boxtest.Hook
	text string // the blocks of ha.hcl
}

// audienceOf tells a node of both, and of a receiver that never answers;
// of one condition all are told when it has begun, or ended, a second ago.
func audienceOf(t *testing.T, b box, on string) *audience {
	t.Helper()
	a := boxtest.NewAuthority(t)
	text, err := os.ReadFile(a.File)
	b.must(err)
	b.put("etc/ca.pem", string(text))
	b.put("etc/hotpair/mail.key", planted+"\n")
	cert, key := a.Issue("127.0.0.1", time.Now().Add(time.Hour))
	at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(boxtest.FreePort(t, "127.0.0.1")))
	d := &audience{
		mail: boxtest.MailServer(t, smtpd.Options{Address: at, Certificate: cert, Key: key, User: "ha", Password: planted}),
		hook: boxtest.NewHook(t, a, "127.0.0.1", time.Now().Add(time.Hour)),
	}
	b.put("usr/local/sbin/hangs", "#!/bin/sh\nexec sleep 600\n")
	b.must(os.Chmod(filepath.Join(b.dir, "usr/local/sbin/hangs"), 0o755))
	pace := fmt.Sprintf("  on          = [%q]\n  after       = \"1s\"\n  clear_after = \"1s\"\n", on)
	d.text = fmt.Sprintf("alert \"ops\" {\n%[1]s  mail {\n    to   = [\"ops@example.org\"]\n    from = \"ha@example.org\"\n    smtp {\n      server = %[2]q\n      user = \"ha\"\n      password = file(\"/etc/hotpair/mail.key\")\n      ca_file = \"/etc/ca.pem\"\n    }\n  }\n}\n"+
		"alert \"chat\" {\n%[1]s  webhook {\n    url = \"%[3]s/%[4]s\"\n    token = file(\"/etc/hotpair/mail.key\")\n    ca_file = \"/etc/ca.pem\"\n  }\n}\n"+
		"alert \"hangs\" {\n%[1]s  timeout = \"10m\"\n  command = [\"/usr/local/sbin/hangs\"]\n}\n", pace, at, d.hook.URL, planted)
	return d
}

// mails are the subjects of those that were mailed.
func (d *audience) mails() string {
	var list []string
	for _, m := range d.mail.Mails() {
		_, subject, _ := strings.Cut(strings.ReplaceAll(m.Text, "\r\n ", " "), "Subject: hotpair on "+hostname()+": ")
		subject, _, _ = strings.Cut(subject, "\r\n")
		list = append(list, subject)
	}
	return strings.Join(list, ", ")
}

// posts are the events and conditions that were posted.
func (d *audience) posts(t *testing.T) string {
	t.Helper()
	var list []string
	for _, p := range d.hook.Posts() {
		var m deliver.Message
		if err := json.Unmarshal([]byte(p.Text), &m); err != nil {
			t.Fatal(err, p.Text)
		}
		list = append(list, m.Event+" "+m.Condition)
	}
	return strings.Join(list, ", ")
}

// One message when a replication fails and one when it does not any more, also
// over a restart of the daemon in between, and with a receiver beside that never
// answers. No secret is in any of it.
func TestEverybodyIsToldOnceOfAReplicationThatFails(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, "")
	d := audienceOf(t, r.box, "replication_failed")
	r.pairBlocks(onChange + d.text)
	w := (&watched{box: r.box}).watch()
	r.soon("rows follow", func() bool { return strings.Contains(w.log.String(), "msg=replicated what=database") })
	r.must(r.databases[r.standby.dir].Stop())
	r.sql(r.box, "UPDATE endpoint_sip_section_option SET value = 'first'")
	r.soon("it is mailed", func() bool { return d.mails() == "the database is not replicated" })
	r.soon("it is posted", func() bool { return d.posts(t) == "begin replication_failed" })
	r.soon("both are remembered", func() bool {
		return strings.Count(r.expect(exitOK, "alert", "list").out, "knows of replication_failed") == 2
	})
	r.contains(r.expect(exitOK, "alert", "list").out, "ops        mail to ops@example.org by 127.0.0.1:", "hangs      command /usr/local/sbin/hangs: knows of nothing")
	log := w.log.String()
	r.must(w.cmd.Process.Kill())
	_ = w.cmd.Wait()
	w.watch()
	w.says("not replicated")
	time.Sleep(3 * time.Second) // longer than it would take to tell it again
	r.must(r.databases[r.standby.dir].Restart(t.Context()))
	r.soon("its end is mailed", func() bool { return d.mails() == "the database is not replicated, the database is replicated again" })
	r.soon("its end is posted", func() bool { return d.posts(t) == "begin replication_failed, clear replication_failed" })
	r.must(w.cmd.Process.Signal(os.Interrupt))
	r.must(w.cmd.Wait())
	said := log + w.log.String()
	for _, m := range d.mail.Mails() {
		said += m.Text
	}
	for _, p := range d.hook.Posts() {
		said += p.Text
	}
	for _, name := range []string{"var/lib/hotpair/alerts.json", "run/hotpair/watch.json"} {
		said += r.get(name)
	}
	if strings.Contains(said, planted) {
		t.Errorf("the secret is in it:\n%s", said)
	}
}

// Of a takeover everybody hears at once, and of the failback.
func TestATakeoverIsTold(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.76.1")
	d := audienceOf(t, g.box, "takeover")
	g.put(haHCL, g.get(haHCL)+d.text)
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	g.expect(exitOK, "failover", "--auto-approve")
	g.soon("it is mailed", func() bool { return d.mails() == "this node took over and serves" })
	g.expect(exitOK, "failback", "--auto-approve")
	g.soon("the failback is mailed", func() bool {
		return d.mails() == "this node took over and serves, the master has its place again, and this node stands by"
	})
	g.soon("and posted", func() bool { return d.posts(t) == "begin takeover, clear takeover" })
}

// The line in cron tells that the daemon is dead, and the daemon that it is back;
// nobody is told twice, and the check does not wait for who does not answer.
func TestADeadDaemonIsTold(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.77.1")
	d := audienceOf(t, g.box, "daemon_dead")
	text := strings.Replace(g.get(haHCL)+d.text, "timeout = \"10m\"", "timeout = \"1s\"", 1)
	g.put(haHCL, text)
	g.watch()
	g.must(g.cmd.Process.Kill())
	_ = g.cmd.Wait()
	g.put("run/hotpair/dead.json", `{"since":"`+time.Now().Add(-3*time.Minute).UTC().Format(time.RFC3339)+`"}`)
	for range 3 {
		if r := g.expect(exitOK, "dead-man"); r.err != "" {
			t.Errorf("cron would mail beside: %s", r.err)
		}
	}
	g.soon("it is mailed", func() bool { return d.mails() == "hotpair watch is dead" })
	g.soon("and posted", func() bool { return d.posts(t) == "begin daemon_dead" })
	if checks := strings.Count(g.get(manageLog), "xivo-check-master-status"); checks != 3 {
		t.Errorf("%d checks", checks)
	}
	g.watch()
	g.soon("its end is mailed", func() bool { return d.mails() == "hotpair watch is dead, hotpair watch runs again" })
	g.soon("and posted", func() bool { return d.posts(t) == "begin daemon_dead, clear daemon_dead" })
}

func TestATestIsSentToEverybody(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	d := audienceOf(t, b, "takeover")
	b.declare("master", "10.0.0.2", strings.Replace(d.text, "timeout = \"10m\"", "timeout = \"1s\"", 1))
	r := b.hotpair("alert", "test")
	b.contains(r.out, "chat       webhook at 127.0.0.1:", ": handed over\n", "hangs      command /usr/local/sbin/hangs: FAILED: it did not take the message in time")
	if r.code != exitError {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	b.expect(exitOK, "alert", "test", "ops")
	b.must(d.mail.Close())
	if d.mails() != "test: alerts from here arrive, test: alerts from here arrive" || d.posts(t) != "test test" {
		t.Errorf("%s; %s", d.mails(), d.posts(t))
	}
	b.put("etc/ca.pem", "none")
	r = b.expect(exitError, "alert", "test", "ops", "--json")
	b.contains(r.out, `"error":"/etc/ca.pem holds no certificate in PEM"`)
	b.search(r.out + r.err + b.get("var/lib/hotpair/alerts.json"))
	b.contains(b.expect(exitError, "alert", "test", "opps").err, `there is no alert "opps", only chat, hangs, ops. Did you mean "ops"?`)
}
