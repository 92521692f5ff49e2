package main

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
)

// hookArguments are what neither systemd nor a shell may read anything into.
func hookArguments() []string {
	return []string{"$HOME", "${HOME}", "%n", "a b", `"q" 'r'`, "", "$(id)", "$$"}
}

// standby has the daemon be a standby's: it takes over and gives the place back
// by the platform's own script, with hooks and companions, all outside of its
// sandbox.
func (m *machine) standby() {
	m.Helper()
	m.put("/opt/hook", "#!/bin/sh\nprintf '%s|' \"$@\" >>/opt/hook.log\n", "755")
	var quoted []string
	for _, a := range append([]string{"/opt/hook"}, hookArguments()...) {
		quoted = append(quoted, `"`+strings.NewReplacer(`"`, `\"`, "${", "$${", "%{", "%%{").Replace(a)+`"`)
	}
	m.put("/etc/hotpair/ha.hcl", `platform = "wazo"
node {
  role = "slave"
}
peer {
  address = "`+m.peer.V4.String()+`"
}
failover {
  sip {
    transports = ["udp"]
  }
  hooks {
    before_takeover = [`+strings.Join(quoted, ", ")+`]
    after_takeover  = ["/bin/sleep", "7777"]
    timeout         = "2s"
  }
  failback {
    after = "1s"
    drain = "1s"
  }
}
companion {
  units = ["application.service"]
}
`, "644")
	m.run("hotpair", "apply", "--auto-approve", "--allow", "restart,resync")
	m.until("the services are stopped", func() bool { return m.get("/var/lib/wazo/disabled") == "" })
	m.until("the master is seen", func() bool { return strings.Contains(m.run("hotpair", "status"), "healthy") })
	m.Log(m.run("hotpair", "status"))
	m.Log(m.run("hotpair", "failover", "--auto-approve"))
	if got, want := m.get("/opt/hook.log"), strings.Join(hookArguments(), "|")+"|"; got != want {
		m.Errorf("the hook got %q, not %q", got, want)
	}
	m.run("systemctl", "is-active", "asterisk.service")
	m.until("the hook that hangs is told", func() bool {
		return strings.Contains(m.run("journalctl", "--no-pager", "-u", "hotpair"), "it did not end within 2s")
	})
	if out := m.run("systemctl", "list-units", "--all", "--no-legend", "hotpair-*"); strings.TrimSpace(out) != "" {
		m.Errorf("the hook that hangs goes on: %s", out)
	}
	m.until("the companion runs", func() bool { _, code := m.try("systemctl", "is-active", "application.service"); return code == 0 })
	m.stopped()
	m.outside()
}

// stopped ends the daemon while the script of the services runs, which ends by
// itself.
func (m *machine) stopped() {
	m.Helper()
	m.put("/opt/slow", "", "644")
	ctx, cancel := context.WithCancel(m.Context())
	order := m.Command(ctx, "hotpair", "failback", "--auto-approve")
	m.must(order.Start())
	defer order.Wait()
	defer cancel()
	stops := func() int { return strings.Count(m.get("/opt/commands.log"), "xivo-manage-slave-services stop") }
	before := stops()
	m.until("the script runs", func() bool { return stops() > before })
	began := time.Now()
	m.run("systemctl", "restart", "hotpair")
	m.Logf("systemctl restart hotpair, while the script ran: %.1f s", time.Since(began).Seconds())
	m.contains(m.get("/opt/commands.log"), "xivo-manage-slave-services ended")
	m.run("rm", "/opt/slow")
	m.until("it stands by", func() bool {
		_, code := m.try("systemctl", "is-active", "asterisk.service")
		return code != 0
	})
}

// withoutBus has the daemon take over while the message bus hangs, by which
// systemd-run would start the script: it is run in the sandbox then.
func (m *machine) withoutBus() {
	m.Helper()
	bus := strings.TrimSpace(m.run("systemctl", "show", "-P", "MainPID", "dbus"))
	m.run("kill", "-STOP", bus)
	defer m.run("kill", "-CONT", bus)
	began := time.Now()
	m.run("hotpair", "failover", "--auto-approve")
	m.run("systemctl", "is-active", "asterisk.service")
	m.Logf("a takeover while the bus hangs: %.1f s", time.Since(began).Seconds())
	m.contains(m.get(inside), "xivo-manage-slave-services start")
}

// answerSIP has something answer OPTIONS by UDP, as a telephony would.
func (m *machine) answerSIP(at *netns.Node) {
	var socket net.PacketConn
	m.must(at.Enter(func() (err error) { socket, err = net.ListenPacket("udp", ":5060"); return err }))
	m.Cleanup(func() { socket.Close() })
	go func() {
		for buffer := make([]byte, 4096); ; {
			n, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			answer := "SIP/2.0 200 OK\r\n"
			for line := range strings.SplitSeq(string(buffer[:n]), "\r\n") {
				name, _, _ := strings.Cut(line, ":")
				switch name {
				case "Via", "From", "Call-ID", "CSeq":
					answer += line + "\r\n"
				case "To":
					answer += line + ";tag=1\r\n"
				}
			}
			_, _ = socket.WriteTo([]byte(answer+"Content-Length: 0\r\n\r\n"), from)
		}
	}()
}
