package probe_test

import (
	"bufio"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

func both(to netip.AddrPort) (probe.SIPUDP, *probe.SIPTCP) {
	target := probe.Target{To: to}
	return probe.SIPUDP{Target: target}, &probe.SIPTCP{Target: target}
}

func TestADeadOrFrozenServerIsSilentUntilItIsBack(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.0.1")
	s := boxtest.Kamailio(t, kamailio.Options{Address: at})
	udp, tcp := both(at)
	w := watch(t, probe.Probe{Name: "sip udp", Kind: failover.SIP, Pace: probe.SIPPace(), Asker: udp}, probe.Probe{Name: "sip tcp", Kind: failover.SIP, Pace: probe.SIPPace(), Asker: tcp})
	become(t, w, failover.Alive)
	for _, act := range []struct {
		what string
		do   func() error
		want failover.Answer
	}{
		{"killed", s.Kill, failover.Silent},
		{"restarted", func() error { return s.Restart(t.Context()) }, failover.Alive},
		{"frozen", s.Freeze, failover.Silent},
		{"thawed", s.Thaw, failover.Alive},
		{"overloaded", func() error { s.Answer(503); return s.Restart(t.Context()) }, failover.Busy},
		{"killed while overloaded", s.Kill, failover.Silent},
	} {
		if err := act.do(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s after %s: %+v", act.what, act.want, become(t, w, act.want), w.Votes())
	}
}

func TestAServerIsAskedOverIPv6Too(t *testing.T) {
	t.Parallel()
	at := free(t, "::1")
	boxtest.Kamailio(t, kamailio.Options{Address: at})
	udp, tcp := both(at)
	ask(t, udp, failover.Alive)
	for range 3 {
		ask(t, tcp, failover.Alive)
	}
	if err := tcp.Close(); err != nil {
		t.Error(err)
	}
}

// A server that was restarted between two questions has broken the connection
// that was kept: the next question is not lost by that.
func TestAConnectionThatTheServerClosedIsMadeAnew(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.0.1")
	s := boxtest.Kamailio(t, kamailio.Options{Address: at})
	_, tcp := both(at)
	defer tcp.Close()
	for range 3 {
		ask(t, tcp, failover.Alive)
		if err := s.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// The server goes away between the look at the connection and the question.
func TestAServerThatHangsUpOnAKeptConnectionIsAskedAnew(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for first := true; ; first = false {
			c, err := l.Accept()
			if err != nil {
				return
			}
			answerOnce(c)
			if first { // the next question finds it closed
				_, _ = c.Read(make([]byte, 1))
				_ = c.(*net.TCPConn).SetLinger(0)
			}
			c.Close()
		}
	}()
	_, tcp := both(l.Addr().(*net.TCPAddr).AddrPort())
	defer tcp.Close()
	ask(t, tcp, failover.Alive)
	ask(t, tcp, failover.Alive)
}

// answerOnce answers the first request that comes.
func answerOnce(c net.Conn) {
	var request strings.Builder
	for lines := bufio.NewScanner(c); lines.Scan() && lines.Text() != ""; {
		request.WriteString(lines.Text() + "\r\n")
	}
	_, _ = c.Write([]byte(respond("200 OK", request.String()+"\r\n")))
}
