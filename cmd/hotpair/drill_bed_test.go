package main

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
)

// staged is a pair whose daemons hear each other by ssh, and whose platform's
// scripts start and stop real SIP servers.
type staged struct {
	*joined
	guard   *watched // the standby's daemon
	master  *watched // the master's
	servers [2]*kamailio.Server
}

// script has the test start or stop the node's SIP server, and waits for that.
const script = `echo "$1" >var/lib/stub/sip.new; mv var/lib/stub/sip.new var/lib/stub/sip
while [ -e var/lib/stub/sip ]; do sleep 0.05; done
`

const stub = "var/lib/stub/xivo-manage-slave-services"

func stage(t *testing.T, auth kamailio.Auth) *staged {
	t.Helper()
	s := &staged{joined: newJoined(t)}
	s.expect(exitOK, "init", "--accept-host-key", s.fingerprint())
	port := boxtest.FreePort(t, "127.0.0.1")
	failover := fmt.Sprintf("provisioning {\n  enabled = false\n}\nfailover {\n  witnesses = [\"127.0.0.9\"]\n  sip {\n    port = %d\n  }\n  failback {\n    drain = \"1s\"\n  }\n}\n", port)
	s.pin(s.hostKey)
	s.put("etc/hotpair/ha.d/failover.hcl", failover)
	s.standby.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"127.0.0.3\"\n}\n%s\n%s", peerBlocks, failover))
	s.standby.put("var/lib/hotpair/failover.json", `{"replicated":"2026-01-01T00:00:00Z"}`)
	for n, address := range []string{"127.0.0.3", "127.0.0.1"} {
		at := netip.AddrPortFrom(netip.MustParseAddr(address), uint16(port))
		s.servers[n] = boxtest.Kamailio(t, kamailio.Options{Address: at, Auth: auth, Expiry: kamailio.Expiry{Min: time.Second}})
		box := []box{s.box, s.standby}[n]
		box.put(stub, script)
		s.managed(box, s.servers[n])
	}
	s.must(s.servers[1].Kill())
	s.standby.put("var/lib/wazo/disabled", "")
	s.master = (&watched{box: s.box}).watch()
	s.guard = (&watched{box: s.standby}).watch()
	s.soon("the pair is ready", func() bool { return s.standby.hotpair("drill", "--probe-only").code == exitOK })
	return s
}

// managed does what a node's script asks for.
func (s *staged) managed(b box, server *kamailio.Server) {
	end, ended := make(chan struct{}), make(chan struct{})
	s.t.Cleanup(func() { close(end); <-ended })
	go func() {
		defer close(ended)
		name := filepath.Join(b.dir, "var/lib/stub/sip")
		for {
			select {
			case <-end:
				return
			case <-time.After(20 * time.Millisecond):
			}
			verb, err := os.ReadFile(name)
			if err != nil {
				continue
			}
			if strings.TrimSpace(string(verb)) == "start" {
				err = server.Restart(s.t.Context())
			} else {
				err = server.Kill()
			}
			if err != nil {
				s.t.Error(err)
			}
			_ = os.Remove(name)
		}
	}()
}

func (s *staged) soon(what string, is func() bool) {
	s.t.Helper()
	for limit := time.Now().Add(2 * time.Minute); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(limit) {
			s.t.Fatalf("not within two minutes: %s\n%s", what, s.standby.hotpair("drill", "--probe-only").out)
		}
	}
}

// home insists that the master has its place again, and serves.
func (s *staged) home() {
	s.t.Helper()
	s.soon("the place is given back", func() bool { return s.standby.hotpair("drill", "--probe-only").code == exitOK })
	if s.servers[1].PID() != 0 || s.servers[0].PID() == 0 {
		s.t.Error("not the master's SIP server alone runs")
	}
}

// quickly are the flags of a drill that does not last.
func quickly(more ...string) []string {
	return append([]string{"drill", "--auto-approve", "--phones", "3", "--expiry", "4s", "--timer-f", "3s", "--hold", "2s", "--limit", "1m"}, more...)
}

// begin starts a drill of its own process.
func (s *staged) begin(args ...string) (*exec.Cmd, *lockedBuffer) {
	s.t.Helper()
	out := &lockedBuffer{}
	cmd := exec.Command(binary(s.t), append([]string{"--root", s.standby.dir}, args...)...)
	cmd.Stdout, cmd.Stderr = out, out
	s.must(cmd.Start())
	s.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, out
}
