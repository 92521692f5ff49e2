package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
)

// lan is a pair whose failover is tried: each node has a namespace, a daemon and
// a SIP server; the default gateway is the witness, and phones stand
// on a floor of their own. The standby's sshd is where the master's reports arrive.
type lan struct {
	testing.TB
	master, standby *lanNode
	gateway, floor  *netns.Node
	pace            pace
	phones          []*phone
	budget          time.Duration // of the phones' outage, by plan
}

// lanOptions are what a pair differs by from the others.
type lanOptions struct {
	standbyHCL  string // added to the standby's ha.hcl
	prelude     string // a shell's, before the daemon of the standby starts; D is the node's directory
	deafGateway bool   // it never answers
	phones      int
	pace        pace // zero: that of tests
}

// newLAN makes a pair that runs, and whose master has replicated once.
func newLAN(t testing.TB, o lanOptions) *lan {
	t.Helper()
	for _, program := range []string{"ssh", "ssh-keygen", "rsync", "/usr/sbin/sshd", kamailio.Program} {
		needs(t, program)
	}
	network := newNetwork(t, 4)
	l := &lan{TB: t, pace: cmp.Or(o.pace, paceOfTests()), gateway: network.Nodes[2], floor: network.Nodes[3]}
	dir, err := os.MkdirTemp("", "lan")
	l.must(err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	l.must(os.Chmod(dir, 0o755)) // the servers' users enter it
	l.master, l.standby = l.node(network.Nodes[0], dir+"/master"), l.node(network.Nodes[1], dir+"/standby")
	l.standby.prelude = "D='" + l.standby.dir + "'; " + o.prelude
	if o.deafGateway {
		l.must(l.gateway.Lose(netns.Loss{In: 100}))
	}
	l.standby.put(passive, "")
	key := l.channel(dir)
	l.declare(l.master, "master", l.standby, fmt.Sprintf("peer {\n  ssh {\n    host_key = %q\n  }\n}\n", key))
	l.declare(l.standby, "slave", l.master, o.standbyHCL)
	for _, n := range []*lanNode{l.standby, l.master} {
		n.run("apply", "--auto-approve", "--allow", "restart")
		n.put(manageLog, "")
		n.telephony = answer(n, l.pace)
	}
	l.master.boots = func() {}
	l.master.telephony.start()
	l.standby.watch()
	l.master.watch()
	l.settles()
	l.call(o.phones)
	return l
}

func (l *lan) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// node is a sandbox in a namespace, whose packets for elsewhere go to the gateway.
func (l *lan) node(net *netns.Node, dir string) *lanNode {
	l.Helper()
	n := &lanNode{box: box{l.TB, dir}, net: net}
	l.must(os.CopyFS(dir, os.DirFS("../../testdata/sandbox/wazo")))
	var err error
	n.host, err = host.Open(dir)
	l.must(err)
	l.must(os.Symlink("/usr/bin/rsync", filepath.Join(dir, "usr/bin/rsync")))
	n.put(moh+"/first.wav", "first")
	n.put("var/lib/stub/xivo-manage-slave-services", asksTheTest)
	l.must(net.Command("ip", "route", "add", "default", "via", l.gateway.V4.String()).Run())
	return n
}

// channel gives the master a key that the standby admits, and gives the standby's
// host key.
func (l *lan) channel(dir string) string {
	l.Helper()
	l.must(os.MkdirAll(l.master.dir+"/root/.ssh", 0o700))
	identity := l.master.dir + peer.Identity
	out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", identity).CombinedOutput()
	if err != nil {
		l.Fatal(err, string(out))
	}
	admit := l.standby.net.Command(binary(l), "--root", l.standby.dir, "authorize", "--from", l.master.net.V4.String())
	public, err := os.Open(identity + ".pub")
	l.must(err)
	defer public.Close()
	admit.Stdin = public
	if out, err := admit.CombinedOutput(); err != nil {
		l.Fatal(err, string(out))
	}
	l.must(os.Mkdir(dir+"/sshd", 0o700))
	o := sshd.Options{Dir: dir + "/sshd", Address: netip.AddrPortFrom(l.standby.net.V4, 22), AuthorizedKeys: l.standby.dir + peer.AuthorizedKeys}
	var first *sshd.Server
	l.standby.boots = func() {
		var server *sshd.Server
		l.must(l.standby.net.Enter(func() (err error) {
			server, err = sshd.Start(l.Context(), o)
			return err
		}))
		l.Cleanup(func() { server.Close() })
		first = cmp.Or(first, server)
	}
	l.standby.boots()
	key, err := first.HostKey()
	l.must(err)
	return key
}

// declare writes a node's ha.hcl; more is laid over it.
func (l *lan) declare(n *lanNode, role string, other *lanNode, more string) {
	l.Helper()
	const alone = "provisioning {\n  enabled = false\n}\ndatabase {\n  enabled = false\n}\n"
	n.put("etc/hotpair/ha.hcl", fmt.Sprintf("node {\n  role = %q\n}\npeer {\n  address = %q\n}\n%s%s", role, other.net.V4, alone, l.pace.hcl()))
	if more != "" {
		n.put("etc/hotpair/ha.d/more.hcl", more)
	}
}
