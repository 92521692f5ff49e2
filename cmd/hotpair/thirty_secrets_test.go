package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The pair has secrets in rows, files, keys, ha.hcl and what it names; both daemons
// run, all commands are run, a replication fails and goes on, and whatever the
// program said to anybody, or left anywhere, is searched.
func TestThirtySecretsAreNowhere(t *testing.T) {
	t.Parallel()
	r := newPlatform(t, "")
	began := time.Now()
	secrets := r.plantFiles(r.plant())
	if len(secrets) < 30 {
		t.Fatalf("%d secrets", len(secrets))
	}
	d := audienceOf(t, r.box, "replication_failed")
	metrics := free(t, "127.0.0.1")
	r.pairBlocks(onChange + d.text + secretive(metrics))
	w, s := (&watched{box: r.box}).watch("--log-level", "debug"), (&watched{box: r.standby}).watch("--log-level", "debug")
	w.says("msg=replicated what=database")
	r.must(r.databases[r.standby.dir].Stop())
	r.sql(r.box, "UPDATE voicemail SET fullname = 'x' WHERE ctid = (SELECT max(ctid) FROM voicemail)")
	r.soon("it is posted", func() bool { return d.posts(t) != "" })
	said := []string{w.pages(metrics), s.pages("")}
	r.must(r.databases[r.standby.dir].Restart(t.Context()))
	r.soon("its end is mailed", func() bool { return strings.Contains(d.mails(), "replicated again") })
	said = append(said, w.pages(metrics), r.everyCommand())
	for _, daemon := range []*watched{w, s} {
		r.must(daemon.cmd.Process.Signal(syscall.SIGTERM))
		_ = daemon.cmd.Wait()
		said = append(said, daemon.log.String())
	}
	r.contains(strings.Join(said, ""), "hotpair_build_info", "<title>", "split_brain", "equal by content")
	for _, m := range d.mail.Mails() {
		said = append(said, m.Text)
	}
	for _, p := range d.hook.Posts() {
		said = append(said, p.Text)
	}
	r.seek(secrets, "what was said", []byte(strings.Join(said, "\n")))
	r.searchTree(secrets, filepath.Dir(r.dir), began)
	for _, dir := range []string{os.TempDir(), "/var/tmp", "/dev/shm"} {
		r.searchTree(secrets[:len(secrets)-1], dir, began) // other tests have planted, too
	}
}

// secretive are blocks of ha.hcl that hold secrets or say something to others.
func secretive(metrics string) string {
	return fmt.Sprintf(`# the password of the trunk is pl4nted-remark
database {
  url = "postgres:///asterisk?host=/var/run/postgresql&user=postgres&password=pl4nted-query"
}
metrics {
  enabled  = true
  listen   = %q
  textfile = "/var/lib/hotpair.prom"
}
alert "file" {
  on      = ["replication_failed"]
  command = ["/usr/bin/tee", "/var/lib/said.json"]
}
`, metrics)
}

// plantFiles leaves further secrets where only root looks.
func (r *replicated) plantFiles(secrets []string) []string {
	r.t.Helper()
	for i, name := range []string{"etc/hotpair/mail.key", "root/.pgpass", "root/.netrc", "root/.ssh/xivo_id_rsa", "etc/hotpair/ha.d/remark.hcl.bak"} {
		secret := fmt.Sprintf("pl4nted-file-%d", i)
		r.put(name, secret+"\n")
		r.must(os.Chmod(filepath.Join(r.dir, name), 0o600))
		secrets = append(secrets, secret)
	}
	r.put("etc/hotpair/ha.d/provisioning.hcl", "provisioning {\n  url   = \"http://user:pl4nted-url@127.0.0.1:1/0.2\"\n  token = format(\"%s-%s\", \"pl4nted\", \"token\")\n}\n")
	// planted itself, part of all others, is the password, the token and the path
	// that audienceOf gives the receivers.
	return append(secrets, "pl4nted-remark", "pl4nted-query", "pl4nted-url", "pl4nted-token", planted)
}

// pages is all that a daemon serves.
func (w *watched) pages(metrics string) string {
	w.t.Helper()
	_, page := overSocket(w, http.MethodGet, "localhost")
	if metrics == "" {
		return page
	}
	return page + fetched(metrics, "/metrics") + w.get("var/lib/hotpair.prom")
}

// everyCommand runs the commands that say something of a pair, in each way of
// printing.
func (r *replicated) everyCommand() string {
	r.t.Helper()
	var said strings.Builder
	for _, global := range [][]string{{"--log-level", "debug"}, {"--json", "--log-level", "debug", "--log-format", "json"}} {
		for _, command := range [][]string{
			{"validate"}, {"plan", "--details"}, {"drift"}, {"status"}, {"adopt"}, {"why"}, {"timeline", "--all"}, {"history"}, {"doctor", "--peer"},
			{"alert", "list"}, {"alert", "test", "ops"}, {"alert", "test", "chat"}, {"alert", "test", "file"}, {"replicate", "--dry-run"}, {"replicate", "--verify"}, {"upgrade-guide"}, {"uninstall", "--restore-stock", "--dry-run"},
			{"init", "--dry-run"}, {"simulate", "power-loss"}, {"drill", "--probe-only"},
		} {
			for _, b := range []box{r.box, r.standby} {
				got := b.hotpair(append(global, command...)...)
				said.WriteString(got.out + got.err)
			}
		}
	}
	return said.String()
}
