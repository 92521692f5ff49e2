package main

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/peer"
)

const extensions = "/etc/asterisk/extensions_extra.d"

// replicates has the daemon bring rows and files to a standby, over SSH and by
// rsync, out of its sandbox.
func (m *machine) replicates() {
	m.Helper()
	standby, key := m.standbyBox()
	m.put("/etc/hotpair/ha.hcl", fmt.Sprintf(`platform = "wazo"
node {
  role = "master"
}
peer {
  address = %q
  ssh {
    host_key = %q
  }
}
replication {
  schedule    = "on_change"
  directories = [%q]
}
`, m.peer.V4, key, extensions), "644")
	m.put(extensions+"/first.conf", "first\n", "644")
	m.contains(m.run("hotpair", "init", "--accept-host-key", peer.Fingerprint(key)), "The channel to the peer works.")
	m.until("the standby's rows may go", m.well("hotpair", "replicate", "--allow", "overwrite"))
	m.put(extensions+"/second.conf", "second\n", "644")
	m.psql("UPDATE userfeatures SET firstname = 'changed'; INSERT INTO userfeatures (firstname, tenant_uuid) SELECT 'fresh', uuid FROM tenant LIMIT 1")
	m.until("the file is on the standby", func() bool { return standby.get(extensions+"/second.conf") == "second\n" })
	m.until("the rows are on the standby", func() bool {
		return standby.count("SELECT count(*) FROM userfeatures WHERE firstname = 'fresh'") == 1
	})
	m.until("the stock jobs are gone", func() bool { return m.get("/etc/cron.d/xivo-ha-master") == absent })
	m.until("both nodes are equal", m.well("hotpair", "replicate", "--verify"))
	m.Log(m.run("hotpair", "status"))
}

// standbyBox is a passive standby behind the network, whose sshd admits the
// stock tools' key.
func (m *machine) standbyBox() (standby *postgresBox, hostKey string) {
	m.Helper()
	standby = newPostgresBox(m.T)
	standby.exec("asterisk", documentedExpiry)
	for name, text := range stockFiles("slave", "10.77.0.1") {
		if text != absent {
			standby.put(name, text)
		}
	}
	standby.put("var/lib/wazo/disabled", "")
	m.must(os.Symlink("/usr/bin/rsync", filepath.Join(standby.dir, "usr/bin/rsync")))
	standby.put("etc/hotpair/ha.hcl", fmt.Sprintf("node {\n  role = \"slave\"\n}\npeer {\n  address = \"10.77.0.1\"\n}\nprovisioning {\n  enabled = false\n}\nreplication {\n  directories = [%q]\n}\n", extensions))
	m.run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", peer.StockKey)
	m.must(os.MkdirAll(filepath.Join(standby.dir, "root/.ssh"), 0o700))
	standby.put(peer.AuthorizedKeys, fmt.Sprintf("command=\"set -- $SSH_ORIGINAL_COMMAND; shift; exec %s --root %s $*\" %s", binary(m), standby.dir, m.get(peer.StockKey+".pub")))
	m.must(os.Chmod(filepath.Join(standby.dir, peer.AuthorizedKeys), 0o600))
	dir := filepath.Join(m.TempDir(), "sshd")
	m.must(os.MkdirAll(dir, 0o700))
	var server *sshd.Server
	m.must(m.peer.Enter(func() (err error) {
		server, err = sshd.Start(m.Context(), sshd.Options{Dir: dir, Address: netip.AddrPortFrom(m.peer.V4, 22), AuthorizedKeys: standby.dir + peer.AuthorizedKeys})
		return err
	}))
	m.Cleanup(func() { server.Close() })
	hostKey, err := server.HostKey()
	m.must(err)
	return standby, hostKey
}

// well tells whether a command succeeds now: the daemon may be replicating.
func (m *machine) well(name string, args ...string) func() bool {
	return func() bool {
		_, code := m.try(name, args...)
		return code == 0
	}
}

// psql runs statements in the machine's database.
func (m *machine) psql(statements string) string {
	m.Helper()
	return strings.TrimSpace(m.run("runuser", "-u", "postgres", "--", "psql", "-At", "-v", "ON_ERROR_STOP=1", "-c", statements, "asterisk"))
}

func (b *postgresBox) count(query string) (n int) {
	b.t.Helper()
	conn, err := b.server.Connect(b.t.Context(), "asterisk")
	b.must(err)
	defer conn.Close(b.t.Context())
	b.must(conn.QueryRow(b.t.Context(), query).Scan(&n))
	return n
}
