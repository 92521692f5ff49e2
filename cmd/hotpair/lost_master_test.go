package main

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/sshd"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
	"github.com/hotpair/hotpair/resources/peer"
)

// The steps are those of the runbook: the roles are swapped for one copy, and
// swapped back.
func TestALostMasterIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWired(t, v4)
	w.master.run("replicate", "--allow", "overwrite")
	w.standby.sql("UPDATE userfeatures SET lastname = 'made in the outage' WHERE id IN (7, 8, 9)")
	w.standby.put(moh+"/outage.wav", "made in the outage")
	w.must(os.Remove(filepath.Join(w.standby.dir, "var/lib/wazo/disabled"))) // it serves

	fresh := w.reinstall()
	w.role(&w.standby, "master", fresh.net.V4)
	w.standby.run("apply", "--auto-approve")
	w.role(fresh, "slave", w.standby.net.V4)
	fresh.run("apply", "--auto-approve")
	w.channel(&w.standby, fresh)
	w.standby.run("replicate", "--allow", "overwrite")
	w.standby.run("replicate", "--verify")
	if got := fresh.sql(theRows); got != "made in the outage" || fresh.get(moh+"/outage.wav") != got {
		t.Errorf("the new machine has %q", got)
	}

	w.role(fresh, "master", w.standby.net.V4)
	fresh.run("apply", "--auto-approve")
	w.role(&w.standby, "slave", fresh.net.V4)
	w.standby.watch()
	w.standby.contains(w.standby.run("status"), "This waits for `hotpair apply`")
	w.standby.run("apply", "--auto-approve")
	if fresh.get(passive) != absent {
		t.Error("the new machine does not serve")
	}
	w.standby.is(stockCheck, absent) // which would end the calls here at once
	w.standby.put(passive, "")       // as the master check does, or the daemon
	fresh.run("authorize", "--remove")
	w.channel(fresh, &w.standby)
	fresh.run("replicate", "--allow", "overwrite")
	fresh.run("replicate", "--verify")
	if got := w.standby.sql(theRows); got != "made in the outage" {
		t.Errorf("the standby has %q", got)
	}
}

// reinstall is a new machine with the lost one's address: the product has been
// installed, and its telephony stopped.
func (w *wired) reinstall() *wiredNode {
	w.Helper()
	n := &wiredNode{box: box{w.TB, filepath.Dir(w.master.dir) + "/n"}, net: w.master.net}
	w.must(os.CopyFS(n.dir, os.DirFS("../../testdata/sandbox/wazo")))
	const hba = "etc/postgresql/15/main/pg_hba.conf"
	n.put(hba, strings.ReplaceAll(n.get(hba), "peer\n", "trust\n"))
	w.must(os.Symlink("/usr/bin/rsync", filepath.Join(n.dir, "usr/bin/rsync")))
	w.must(os.MkdirAll(filepath.Join(n.dir, moh), 0o755))
	n.database = boxtest.Postgres(w, postgres.Options{Dir: n.dir})
	boxtest.Platform(w, n.database, "asterisk", wazodb.Filling{Users: wiredRows, Seed: 2}).Close(w.Context())
	n.put("var/lib/wazo/disabled", "")
	return n
}

// role writes a node's ha.hcl anew.
func (w *wired) role(n *wiredNode, role string, other netip.Addr) {
	w.Helper()
	w.must(os.RemoveAll(filepath.Join(n.dir, "etc/hotpair/ha.d")))
	n.put("etc/hotpair/ha.hcl", fmt.Sprintf("node {\n  role = %q\n}\npeer {\n  address = %q\n}\nprovisioning {\n  enabled = false\n}\n", role, other))
}

// channel sets up the channel to a node, where root may log in by the stock key.
func (w *wired) channel(from, to *wiredNode) {
	w.Helper()
	for _, n := range []*wiredNode{from, to} {
		w.must(os.MkdirAll(n.dir+"/root/.ssh", 0o700))
	}
	server := w.sshd
	if to != &w.standby {
		dir := to.dir + "-sshd"
		w.must(os.MkdirAll(dir, 0o700))
		w.must(to.net.Enter(func() (err error) {
			server, err = sshd.Start(w.Context(), sshd.Options{Dir: dir, Address: netip.AddrPortFrom(to.net.V4, 22), AuthorizedKeys: to.dir + peer.AuthorizedKeys})
			return err
		}))
		w.Cleanup(func() { server.Close() })
	}
	w.stockKey(from, to)
	key, err := server.HostKey()
	w.must(err)
	from.contains(from.run("init", "--accept-host-key", peer.Fingerprint(key)), "The channel to the peer works.")
	from.put("etc/hotpair/ha.d/peer.hcl", fmt.Sprintf("peer {\n  ssh {\n    host_key = %q\n  }\n}\n", key))
}
