package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
	"github.com/hotpair/hotpair/resources/peer"
)

// wired is a pair on a network: each node has a namespace with addresses of its
// own, the tables of a platform, and a daemon; the standby has its sshd on port
// 22. The channel is made by `hotpair init`.
type wired struct {
	testing.TB
	master, standby wiredNode
	sshd            *sshd.Server
	options         sshd.Options
	edited          bool
	seen, mailed    int // how much of the master's log and mail is old
}

// wiredNode is one of the two.
type wiredNode struct {
	box
	net      *netns.Node
	database *postgres.Server
	daemon   *exec.Cmd
	log      *lockedBuffer
}

// mailer stands for the node's mail server: it keeps what root is mailed.
const mailer = "#!/bin/sh\n{ echo \"sendmail $*\"; cat; } >>var/log/mail.log\n"

const wiredRows = 200

// newWired makes the pair; address chooses the family.
func newWired(t testing.TB, address func(*netns.Node) netip.Addr) *wired {
	t.Helper()
	for _, program := range []string{"ssh", "ssh-keygen", "ssh-keyscan", "rsync", "/usr/sbin/sshd"} {
		needs(t, program)
	}
	w := &wired{TB: t}
	network := newNetwork(t, 2)
	w.master.net, w.standby.net = network.Nodes[0], network.Nodes[1]
	dir, err := os.MkdirTemp("", "wi")
	w.must(err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	w.must(os.Chmod(dir, 0o755)) // the servers' user enters it
	w.master.box, w.standby.box = box{t, dir + "/m"}, box{t, dir + "/s"}
	for _, n := range []*wiredNode{&w.master, &w.standby} {
		w.must(os.CopyFS(n.dir, os.DirFS("../../testdata/sandbox/wazo")))
		n.put("usr/sbin/sendmail", mailer)
		w.must(os.Chmod(filepath.Join(n.dir, "usr/sbin/sendmail"), 0o755))
		const hba = "etc/postgresql/15/main/pg_hba.conf"
		n.put(hba, strings.ReplaceAll(n.get(hba), "peer\n", "trust\n"))
		w.must(os.Symlink("/usr/bin/rsync", filepath.Join(n.dir, "usr/bin/rsync")))
		w.must(os.MkdirAll(filepath.Join(n.dir, moh), 0o755))
	}
	w.master.database = boxtest.Postgres(t, postgres.Options{Dir: w.master.dir})
	boxtest.Platform(t, w.master.database, "asterisk", wazodb.Filling{Users: wiredRows, Seed: 1}).Close(t.Context())
	w.must(os.RemoveAll(filepath.Join(w.standby.dir, "etc/postgresql/15/main")))
	w.standby.database = boxtest.Clone(t, w.master.database, postgres.Options{Dir: w.standby.dir})
	w.stock(address)
	w.connect(dir, address)
	return w
}

// newNetwork is so many nodes on a network for the length of a test.
func newNetwork(t testing.TB, nodes int) *netns.Network {
	t.Helper()
	if err := netns.Available(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	network, err := netns.New(nodes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	return network
}

func (w *wired) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// stock leaves both nodes as the stock tools do, with an ha.hcl each.
func (w *wired) stock(address func(*netns.Node) netip.Addr) {
	for _, n := range []struct {
		node       *wiredNode
		role, file string
		peer       netip.Addr
		text       string
	}{
		{&w.master, "master", "etc/cron.d/xivo-ha-master", address(w.standby.net), "0 * * * * root /usr/sbin/xivo-master-slave-db-replication %[1]s >/dev/null\n0 * * * * root /usr/bin/wazo-sync >/dev/null\n"},
		{&w.standby, "slave", stockCheck, address(w.master.net), "* * * * * root /usr/sbin/xivo-check-master-status %[1]s >/dev/null\n"},
	} {
		n.node.put(n.file, fmt.Sprintf(n.text+"%.0[1]s", n.peer))
		n.node.put("etc/xivo/ha.conf", fmt.Sprintf(`{"node_type": %q, "remote_address": %q}`, n.role, n.peer))
		n.node.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = %q\n}\npeer {\n  address = %q\n}\nprovisioning {\n  enabled = false\n}\n", n.role, n.peer))
	}
	w.standby.put("var/lib/wazo/disabled", "")
	w.master.put("etc/hotpair/ha.d/alert.hcl", "alert \"root\" {\n  on          = [\"replication_failed\"]\n  after       = \"1s\"\n  clear_after = \"1s\"\n  mail {\n  }\n}\n")
	w.master.put("etc/hotpair/ha.d/schedule.hcl", "replication {\n  schedule = \"on_change\"\n}\n")
}

const stockCheck = "etc/cron.d/xivo-ha-slave"

// connect has sshd listen on the standby, where the administrator may log in,
// and runs `hotpair init`.
func (w *wired) connect(dir string, address func(*netns.Node) netip.Addr) {
	w.Helper()
	w.must(os.MkdirAll(w.master.dir+"/root/.ssh", 0o700))
	w.must(os.MkdirAll(w.standby.dir+"/root/.ssh", 0o700))
	w.stockKey(&w.master, &w.standby)
	w.must(os.MkdirAll(dir+"/sshd", 0o700))
	o := sshd.Options{Dir: dir + "/sshd", Address: netip.AddrPortFrom(address(w.standby.net), 22), AuthorizedKeys: w.standby.dir + peer.AuthorizedKeys}
	w.options = o
	w.listen(o)
	w.Cleanup(func() { w.sshd.Close() })
	key, err := w.sshd.HostKey()
	w.must(err)
	said := w.master.run("init", "--accept-host-key", peer.Fingerprint(key))
	w.master.contains(said, "The channel to the peer works.", "database: the peer's PostgreSQL answers")
	w.standby.contains(w.standby.get(peer.AuthorizedKeys), `restrict,from="`+address(w.master.net).String()+`"`)
	w.master.put("etc/hotpair/ha.d/peer.hcl", fmt.Sprintf("peer {\n  ssh {\n    host_key = %q\n  }\n}\n", key))
}

// stockKey lets root log in from one node at another as the stock tools do.
func (w *wired) stockKey(from, to *wiredNode) {
	w.Helper()
	out, err := exec.Command("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", from.dir+peer.StockKey).CombinedOutput()
	if err != nil {
		w.Fatal(err, string(out))
	}
	keys := strings.TrimPrefix(to.get(peer.AuthorizedKeys), absent)
	to.put(peer.AuthorizedKeys, keys+fmt.Sprintf("command=\"set -- $SSH_ORIGINAL_COMMAND; shift; exec %s --root %s $*\" %s", binary(w), to.dir, from.get("root/.ssh/xivo_id_rsa.pub")))
}

func (w *wired) listen(o sshd.Options) {
	w.Helper()
	w.must(w.standby.net.Enter(func() (err error) {
		w.sshd, err = sshd.Start(w.Context(), o)
		return err
	}))
}

// run runs the program on the node, in its namespace.
func (n *wiredNode) run(args ...string) string {
	n.t.Helper()
	out, err := n.net.Command(binary(n.t), append([]string{"--root", n.dir}, args...)...).CombinedOutput()
	if err != nil {
		n.t.Fatalf("hotpair %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// watch starts the daemon, with a log of its own.
func (n *wiredNode) watch() {
	n.t.Helper()
	n.log = &lockedBuffer{}
	cmd := n.net.Command(binary(n.t), "--root", n.dir, "watch")
	cmd.Stderr, n.daemon = n.log, cmd
	n.must(cmd.Start())
	n.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if n.t.Failed() || testing.Verbose() {
			n.t.Logf("the daemon of %s:\n%s", filepath.Base(n.dir), n.log)
		}
	})
	n.soon("the daemon watches", func() bool { return strings.Contains(n.log.String(), "msg=watching") })
}

// soon insists that something becomes true within tenfold of the goal of 20 s.
func (n *wiredNode) soon(what string, is func() bool) time.Duration {
	n.t.Helper()
	began := time.Now()
	for ; !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 200*time.Second {
			n.t.Fatalf("not so: %s", what)
		}
	}
	return time.Since(began)
}

// sql executes statements in the node's database, and gives the first value.
func (n *wiredNode) sql(statements string) string {
	n.t.Helper()
	conn, err := n.database.Connect(n.t.Context(), "asterisk")
	n.must(err)
	defer conn.Close(n.t.Context())
	results, err := conn.PgConn().Exec(n.t.Context(), statements).ReadAll()
	n.must(err)
	var out bytes.Buffer
	for _, r := range results {
		for _, row := range r.Rows {
			out.Write(bytes.Join(row, []byte(" ")))
		}
	}
	return out.String()
}
