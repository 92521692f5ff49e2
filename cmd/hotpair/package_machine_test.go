package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/cmd/pairbox/nspawn"
	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
)

// packaged is the package, built once.
var packaged = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("../../.ci/deb/build").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return filepath.Abs("../../bin/hotpair_" + version + "_" + runtime.GOARCH + ".deb")
})

func debPackage(t *testing.T) string {
	t.Helper()
	path, err := packaged()
	if err != nil {
		t.Fatal(err, path)
	}
	return path
}

// machine is a stock master on a Debian with a real systemd: PostgreSQL, a
// provisioning daemon, an Asterisk that is only a unit, and the platform's
// commands, which write down how they were called and whether a sandbox was
// around them.
type machine struct {
	*testing.T
	*nspawn.Machine
	peer  *netns.Node
	provd *emulated.Server
}

func newMachine(t *testing.T, shared string) *machine {
	t.Helper()
	if err := nspawn.Available(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	m := &machine{T: t}
	network := newNetwork(t, 2)
	m.peer = network.Nodes[1]
	root, err := nspawn.Root(t.Context())
	m.must(err)
	m.Machine, err = nspawn.Boot(t.Context(), nspawn.Options{Root: root, Namespace: network.Nodes[0].Name, Shared: shared})
	m.must(err)
	t.Cleanup(func() { m.must(m.Close()) })
	m.serveProvd(network.Nodes[0])
	for _, node := range network.Nodes {
		m.answerSIP(node)
	}
	m.stock()
	return m
}

// serveProvd has a provisioning daemon answer in the machine's network, and
// wazo-auth beside it.
func (m *machine) serveProvd(at *netns.Node) {
	dir := m.TempDir()
	m.must(emulated.Seed(dir, emulated.Seeding{Phones: 3, Own: at.V4.String(), Backup: m.peer.V4.String()}))
	var err error
	m.provd, err = emulated.New(emulated.Options{Dir: dir, ServiceID: "hotpair", ServiceKey: "the-service-key"})
	m.must(err)
	m.Cleanup(func() { m.provd.Close() })
	auth := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = "/auth" + r.URL.Path
		m.provd.ServeHTTP(w, r)
	})
	for address, handler := range map[string]http.Handler{"127.0.0.1:8666": m.provd, "127.0.0.1:9497": auth} {
		var l net.Listener
		m.must(at.Enter(func() (err error) { l, err = net.Listen("tcp", address); return err }))
		server := &http.Server{Handler: handler}
		go server.Serve(l)
		m.Cleanup(func() { server.Close() })
	}
}

// called begins each of the platform's commands: outside of the sandbox /opt can
// be written to.
const called = `#!/bin/sh
name=${0##*/}
echo "$name $* $(grep -c 'NoNewPrivs:.0' /proc/self/status)" >>/opt/commands.log || echo "$name $*" >>` + inside + `
set -e
`

// inside is where commands write down that the sandbox is around them.
const inside = "/var/lib/inside.log"

const manageServices = called + `case $1 in
start) rm -f /var/lib/wazo/disabled; systemctl start asterisk.service ;;
stop) touch /var/lib/wazo/disabled; systemctl stop asterisk.service ;;
esac
if [ -e /opt/slow ]; then sleep 4; echo "$name ended" >>/opt/commands.log; fi
`

// documentedExpiry is what the documentation has a pair set, for both tenants.
const documentedExpiry = `
DELETE FROM endpoint_sip_section_option WHERE key LIKE '%_expiration';
INSERT INTO endpoint_sip_section (type, endpoint_sip_uuid) VALUES ('aor', 'aaaaaaaa-0000-4000-8000-000000000002');
INSERT INTO endpoint_sip_section_option (key, value, endpoint_sip_section_uuid)
	SELECT o.key, o.value, s.uuid FROM endpoint_sip_section s JOIN tenant t ON t.global_sip_template_uuid = s.endpoint_sip_uuid,
	(VALUES ('minimum_expiration', '180'), ('maximum_expiration', '300'), ('default_expiration', '240')) AS o (key, value) WHERE s.type = 'aor';
`

// stock makes the machine a stock master, by files, and gives it a database.
func (m *machine) stock() {
	m.Helper()
	for _, name := range []string{"usr/bin/wazo-confgen", "usr/bin/wazo-service", "usr/bin/wazo-sync", "usr/sbin/asterisk", "usr/sbin/xivo-check-master-status", "usr/sbin/xivo-master-slave-db-replication"} {
		m.put("/"+name, called, "755")
	}
	m.put("/usr/sbin/xivo-manage-slave-services", manageServices, "755")
	for name, text := range stockFiles("master", m.peer.V4.String()) {
		if text != absent {
			m.put("/"+name, text, "644")
		}
	}
	m.put("/etc/cron.d/mine", "# 0 * * * * root /usr/bin/wazo-sync >/dev/null\n", "644")
	m.put("/var/lib/wazo-auth-keys/hotpair-key.yml", "service_id: hotpair\nservice_key: the-service-key\n", "600")
	for _, unit := range []string{"asterisk", "application"} {
		m.put("/etc/systemd/system/"+unit+".service", "[Service]\nExecStart=/bin/sleep infinity\n", "644")
	}
	m.run("systemctl", "daemon-reload")
	m.run("systemctl", "start", "asterisk")
	sql, err := os.ReadFile("../../testdata/sandbox/wazo.sql")
	m.must(err)
	m.put("/tmp/wazo.sql", string(sql)+documentedExpiry, "644")
	m.run("runuser", "-u", "postgres", "--", "createdb", "asterisk")
	m.run("runuser", "-u", "postgres", "--", "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", "/tmp/wazo.sql", "asterisk")
}

func (m *machine) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// try runs a command in the machine and gives what it wrote, and its exit code.
func (m *machine) try(name string, args ...string) (string, int) {
	m.Helper()
	cmd := m.Command(m.Context(), name, args...)
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// run insists that it succeeds.
func (m *machine) run(name string, args ...string) string {
	m.Helper()
	out, code := m.try(name, args...)
	if code != 0 {
		log, _ := m.try("journalctl", "--no-pager", "-n", "60", "-u", "hotpair")
		m.Fatalf("%s %s: exit %d\n%s\n%s", name, strings.Join(args, " "), code, out, log)
	}
	return out
}

func (m *machine) put(name, text, mode string) {
	m.Helper()
	cmd := m.Command(m.Context(), "sh", "-c", `mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"`, "sh", name, mode)
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		m.Fatalf("%s: %v: %s", name, err, out)
	}
}

// get is a file's content, "(absent)" when there is none.
func (m *machine) get(name string) string {
	m.Helper()
	out, code := m.try("cat", name)
	if code != 0 {
		return absent
	}
	return out
}

// until waits for what a daemon does.
func (m *machine) until(what string, holds func() bool) {
	m.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			log, _ := m.try("journalctl", "--no-pager", "-n", "60", "-u", "hotpair")
			m.Fatalf("not within a minute: %s\n%s\n%s", what, m.get("/opt/commands.log"), log)
		}
	}
}

func (m *machine) contains(text string, parts ...string) {
	m.Helper()
	box{t: m.T}.contains(text, parts...)
}
