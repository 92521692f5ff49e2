package main

import (
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/resources"
)

// guarded is a standby with a daemon whose master is a SIP server on loopback.
type guarded struct {
	*watched
	master *kamailio.Server
}

const manageLog = "var/log/commands.log"

// guard starts a standby that stands by, and its master.
func guard(t testing.TB, address string, blocks ...string) *guarded {
	t.Helper()
	port := boxtest.FreePort(t, address)
	serve := func(address string) *kamailio.Server {
		s, err := kamailio.Start(t.Context(), kamailio.Options{Address: netip.AddrPortFrom(netip.MustParseAddr(address), uint16(port))})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	g := &guarded{watched: &watched{box: newBox(t, "wazo")}, master: serve(address)}
	serve("127.0.0.1") // the standby's own, by the address that it speaks to loopback from
	g.put(passive, "")
	g.put("var/lib/hotpair/failover.json", `{"replicated":"2026-01-01T00:00:00Z"}`)
	g.declare("slave", address, append(blocks, fmt.Sprintf(`replication {
  runner = "daemon"
}

failover {
  degraded  = "12s"
  witnesses = ["127.0.0.9"]

  sip {
    port = %d
  }

  failback {
    after = "3s"
    drain = "1s"
  }
}
`, port))...)
	return g
}

// managed is how often the platform's script was called, and with what.
func (b box) managed() string {
	b.t.Helper()
	var calls []string
	for line := range strings.Lines(b.get(manageLog)) {
		if verb, is := strings.CutPrefix(line, "xivo-manage-slave-services "); is {
			calls = append(calls, strings.TrimSpace(verb))
		}
	}
	return strings.Join(calls, " ")
}

func (g *guarded) soon(what string, is func() bool) {
	g.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	g.t.Fatalf("not within two minutes: %s", what)
}

func (g *guarded) status() string { return g.expect(exitOK, "status").out }

func TestAStandbyTakesOverWhereTelephonyIsDeadAndGivesBack(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.71.1")
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	g.must(g.master.Kill())
	g.soon("it is noticed", func() bool { return strings.Contains(g.status(), "telephony has not answered since") })
	g.soon("the standby serves", func() bool { return g.managed() == "start" })
	g.soon("it is told", func() bool { return strings.Contains(g.status(), "This node serves since") })
	g.must(g.master.Restart(t.Context()))
	g.soon("the place is given back", func() bool { return g.managed() == "start stop" })
	g.soon("it is told", func() bool { return strings.Contains(g.status(), "This node stands by") })
	g.contains(g.log.String(), `msg="this node serves"`, `msg="this node stands by"`)
	for _, event := range []string{"this node serves", "done: starting the services", "this node stands by", "done: stopping the services", "the peer is degraded"} {
		g.recordedOnce("watch: " + event)
	}
	g.contains(g.get(resources.ServicesPath), `{"start_seconds":`)
}

func TestFailoverAndFailbackByHand(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.72.1")
	g.contains(g.expect(exitError, "failover", "--auto-approve").err, "`hotpair watch` does not run on this node")
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	g.contains(g.expect(exitError, "failover").err, "--auto-approve")
	r := g.expect(exitOK, "failover", "--auto-approve")
	g.contains(r.out, "An operator asked for the failover. This node took over at")
	if g.managed() != "start" {
		t.Errorf("%s", g.managed())
	}
	g.contains(g.expect(exitOK, "failover", "--auto-approve").out, "This node serves since")
	time.Sleep(5 * time.Second) // longer than failback.after
	g.contains(g.expect(exitOK, "failback", "--auto-approve").out, "stopped serving at")
	if g.managed() != "start stop" {
		t.Errorf("%s", g.managed())
	}
	g.contains(g.expect(exitOK, "maintenance", "--for", "30m").out, "Maintenance until")
	g.must(g.master.Kill())
	g.soon("it holds", func() bool {
		return strings.Contains(g.status(), "TAKEOVER HELD: The master's telephony has not answered")
	})
	g.contains(g.expect(exitOK, "maintenance", "--end").out, "Maintenance of this node is over")
	g.soon("it serves", func() bool { return g.managed() == "start stop start" })
	g.contains(g.expect(exitError, "failback", "--auto-approve").err, "the master is degraded, so it cannot serve")
	for _, event := range []string{"failover: ordered by hand", "watch: an operator ordered failover", "failback: ordered by hand", "watch: an operator ordered failback",
		"watch: maintenance: nothing is taken over or given back by itself", "watch: maintenance is over", "watch: takeover held"} {
		g.recordedOnce(event)
	}
}

func TestAStartThatFailsIsTriedAgainAndTold(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.73.1", "")
	g.put("var/lib/stub/xivo-manage-slave-services", "echo no room >&2; exit 1\n")
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	r := g.hotpair("failover", "--auto-approve")
	if r.code != exitError || !strings.Contains(r.err, "no room (tried 3 times)") {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
	g.contains(g.status(), "Failed: running /usr/sbin/xivo-manage-slave-services start")
	if g.managed() != "start start start" {
		t.Errorf("%s", g.managed())
	}
}

func TestHooksAreRunWithoutAShellAndHoldNothingUp(t *testing.T) {
	t.Parallel()
	g := guard(t, "127.0.74.1")
	hook := "#!/bin/sh\necho \"hook $*\" >>var/log/commands.log\n"
	g.put("usr/local/sbin/hook", hook)
	g.put("usr/local/sbin/hang", "#!/bin/sh\nexec sleep 600\n")
	for _, name := range []string{"hook", "hang"} {
		g.must(exec.Command("chmod", "755", filepath.Join(g.dir, "usr/local/sbin", name)).Run())
	}
	text := strings.Replace(g.get(haHCL), "failover {\n", `failover {
  hooks {
    before_takeover = ["/usr/local/sbin/hook", "before; $(id)", "%"]
    after_takeover  = ["/usr/local/sbin/hang"]
    before_failback = ["/usr/local/sbin/absent"]
    after_failback  = ["/usr/local/sbin/hook", "back"]
    timeout         = "1s"
  }

`, 1)
	g.put(haHCL, text)
	g.watch()
	g.soon("the master is seen", func() bool { return strings.Contains(g.status(), "The master is healthy since") })
	g.expect(exitOK, "failover", "--auto-approve")
	g.expect(exitOK, "failback", "--auto-approve")
	var ran []string
	for line := range strings.Lines(g.get(manageLog)) {
		if !strings.HasPrefix(line, "asterisk ") {
			ran = append(ran, strings.TrimSpace(line))
		}
	}
	if want := []string{"hook before; $(id) %", "xivo-manage-slave-services start", "xivo-manage-slave-services stop", "hook back"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	g.contains(g.log.String(), "hook=after_takeover error=\"it did not end within 1s, and was ended\"", "hook=before_failback error=")
}
