package main

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/resources/doctor"
)

// networked are two nodes of a network; the other one has a SIP server.
type networked struct {
	node, other *netns.Node
	dir         string // the other one's root, if it has any
	database    *postgres.Server
}

func onNetwork() []ailment {
	bar := func(in string) func(p *patient) {
		return func(p *patient) { p.must(p.network.other.Bar(in, "")) }
	}
	return []ailment{
		{code: "ping-reach", says: "10.77.0.2: no answer within 1 s", ail: bar("ip protocol icmp"), hand: bar("")},
		{code: "sip-udp-reach", says: "OPTIONS to 10.77.0.2:5060 by udp: no answer within 2 s", ail: bar("udp dport 5060"), hand: bar("")},
		{code: "sip-tcp-reach", says: "OPTIONS to 10.77.0.2:5060 by tcp: no answer within 2 s", ail: bar("tcp dport 5060"), hand: bar("")},
		{code: "subnet", says: "198.51.100.7 is not in 10.77.0.0/24, this node's subnet", ail: func(p *patient) {
			p.must(p.network.node.Command("ip", "route", "add", "198.51.100.0/24", "via", "10.77.0.2").Run())
			p.facing("xivo", "198.51.100.7")
		}, hand: func(p *patient) { p.facing("xivo", "10.77.0.2") }},
	}
}

// facing is a standby of a platform.
func (p *patient) facing(platform, master string) {
	p.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = %q\nnode {\n  role = \"slave\"\n}\npeer {\n  address = %q\n}\n", platform, master))
}

func TestTheDoctorOnANetwork(t *testing.T) {
	t.Parallel()
	network := newNetwork(t, 2)
	p := inBed(newBox(t, "wazo"))
	p.network, p.args = &networked{node: network.Nodes[0], other: network.Nodes[1]}, []string{"--peer"}
	p.run = p.network.node.Command
	p.facing("wazo", "10.77.0.2")
	p.must(p.network.other.Enter(func() error {
		boxtest.Kamailio(t, kamailio.Options{Address: netip.MustParseAddrPort("10.77.0.2:5060")})
		return nil
	}))
	for _, a := range onNetwork() {
		p.treat(a)
	}
	p.finds("ssh-reach", doctor.Skipped, "told by the master")
}

// onStock is a pair that the stock scripts keep.
func onStock() []ailment {
	return []ailment{
		{code: "ssh-reach", says: "/root/.ssh/xivo_id_rsa is not there"},
		{code: "database-reach", says: "port 5432 of the peer: ", there: true, hand: func(p *patient) {
			p.must(p.network.other.Enter(func() error { return p.network.database.Restart(p.t.Context()) })) // as systemctl there would
		}},
	}
}

func TestTheDoctorOnAStockPair(t *testing.T) {
	t.Parallel()
	needs(t, "/usr/sbin/sshd")
	network := newNetwork(t, 2)
	p, standby := inBed(newBox(t, "wazo")), newBox(t, "wazo")
	p.network, p.args = &networked{node: network.Nodes[0], other: network.Nodes[1], dir: standby.dir}, []string{"--peer"}
	p.run = p.network.node.Command
	const off = "provisioning {\n  enabled = false\n}\n"
	p.declare("master", "10.77.0.2", off)
	standby.declare("slave", "10.77.0.1", off)
	standby.must(os.Chmod(filepath.Dir(standby.dir), 0o755)) // the server's user enters it
	standby.put(hbaFile, strings.ReplaceAll(standby.get(hbaFile), "peer\n", "trust\n"))
	standby.put("var/lib/wazo/disabled", "")
	p.must(os.Mkdir(p.dir+"/sshd", 0o700))
	p.must(p.network.other.Enter(func() error {
		p.network.database = boxtest.Postgres(t, postgres.Options{Dir: standby.dir, Address: "10.77.0.2"})
		boxtest.Database(t, p.network.database, "asterisk")
		server, err := sshd.Start(t.Context(), sshd.Options{Dir: p.dir + "/sshd", Address: netip.MustParseAddrPort("10.77.0.2:22"), AuthorizedKeys: p.dir + "/nobody"})
		if err == nil {
			t.Cleanup(func() { server.Close() })
		}
		return err
	}))
	for _, a := range onStock() {
		p.treat(a)
	}
}
