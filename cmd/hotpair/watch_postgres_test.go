package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// postgresBox is a node with a telephony database.
type postgresBox struct {
	box
	server *postgres.Server
}

func newPostgresBox(t *testing.T) *postgresBox {
	t.Helper()
	b := &postgresBox{box: newBox(t, "wazo")}
	b.must(os.Chmod(filepath.Dir(b.dir), 0o755)) // the server runs as another user
	const hba = "etc/postgresql/15/main/pg_hba.conf"
	b.put(hba, strings.ReplaceAll(b.get(hba), "peer\n", "trust\n"))
	b.server = boxtest.Postgres(t, postgres.Options{Dir: b.dir})
	b.exec("postgres", "CREATE DATABASE asterisk")
	text, err := os.ReadFile("../../testdata/sandbox/wazo.sql")
	b.must(err)
	b.exec("asterisk", string(text))
	return b
}

func (b *postgresBox) exec(database, sql string) {
	b.t.Helper()
	conn, err := b.server.Connect(b.t.Context(), database)
	b.must(err)
	defer conn.Close(b.t.Context())
	_, err = conn.Exec(b.t.Context(), sql)
	b.must(err)
}

// longest is the longest expiry of the first tenant.
func (b *postgresBox) longest() (text string) {
	b.t.Helper()
	conn, err := b.server.Connect(b.t.Context(), "asterisk")
	b.must(err)
	defer conn.Close(b.t.Context())
	b.must(conn.QueryRow(b.t.Context(), `SELECT o.value FROM tenant t JOIN endpoint_sip_section s ON s.endpoint_sip_uuid = t.global_sip_template_uuid
		JOIN endpoint_sip_section_option o ON o.endpoint_sip_section_uuid = s.uuid AND o.key = 'maximum_expiration' WHERE t.slug = 'main'`).Scan(&text))
	return text
}

const changed = `UPDATE endpoint_sip_section_option SET value = '3600' WHERE key = 'maximum_expiration'`

func TestWatchOutlivesADatabaseThatDies(t *testing.T) {
	t.Parallel()
	b := newPostgresBox(t)
	b.declare("master", "10.0.0.2", everySecond)
	w := &watched{box: b.box}
	w.watch()
	if b.longest() == "3600" {
		t.Fatal("the expiry is not set")
	}
	b.must(b.server.Kill())
	w.once("the node is not as it should be")
	b.must(b.server.Restart(t.Context()))
	w.says("the node is as it should be again")
	b.exec("asterisk", changed)
	w.eventually("the expiry is healed", func() bool { return b.longest() != "3600" })
}

func TestADaemonKilledBeforeTheReloadMakesUpForIt(t *testing.T) {
	t.Parallel()
	b := newPostgresBox(t)
	b.put("var/lib/stub/wazo-confgen", "while [ ! -e var/lib/stub/enough ]; do sleep 0.1; done\n")
	b.declare("master", "10.0.0.2")
	w := &watched{box: b.box}
	cmd := exec.Command(binary(t), "--root", b.dir, "watch")
	w.run(cmd)
	w.has("var/log/commands.log", "wazo-confgen asterisk/pjsip.conf")
	if b.longest() == "3600" {
		t.Error("the expiry is not set yet")
	}
	w.must(cmd.Process.Signal(syscall.SIGKILL))
	_ = cmd.Wait()
	b.put("var/lib/stub/enough", "")
	if strings.Contains(b.get("var/log/commands.log"), "module reload") {
		t.Error("it was reloaded before")
	}
	w.watch()
	w.has("var/log/commands.log", "asterisk -rx module reload res_pjsip.so")
	w.says(`done action="reload sip"`)
}
