package probe_test

import (
	"net/netip"
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
