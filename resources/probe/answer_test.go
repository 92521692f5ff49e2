package probe_test

import (
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

func TestAnyFinalAnswerProvesAServerAlive(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]failover.Answer{
		"200 OK": failover.Alive, "302 Moved Temporarily": failover.Alive, "401 Unauthorized": failover.Alive, "404 Not Found": failover.Alive,
		"500 Server Internal Error": failover.Alive, "603 Decline": failover.Alive, "503 Service Unavailable": failover.Busy,
	} {
		each(t, always(status), func(t *testing.T, _ *responder, a probe.Asker) {
			if err := ask(t, a, want); err != nil && err.Error() != "it answers 503 Service Unavailable" {
				t.Error(err)
			}
		})
	}
}

func TestWhatIsNoFinalAnswerToTheQuestionIsSilence(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]answers{
		"provisional":    always("100 Trying"),
		"another branch": always("200 OK", "branch=z9hG4bK", "branch=z9hG4bKx"),
		"another call":   always("200 OK", "Call-ID: ", "Call-ID: x"),
		"another tag":    always("200 OK", ";tag=", ";tag=x"),
		"another number": always("200 OK", "CSeq: 1", "CSeq: 2"),
		"another method": always("200 OK", "OPTIONS", "INVITE"),
		"for two hosts":  always("200 OK", "Call-ID: ", "Via: SIP/2.0/UDP 10.0.0.9\r\nCall-ID: "),
		"not SIP":        always("200 OK", "SIP/2.0 200", "HTTP/1.1 200"),
		"not whole":      always("200 OK", "\r\n\r\n", ""),
		"nothing":        func(int, string) []string { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, answer, func(t *testing.T, r *responder, a probe.Asker) {
				t.Log(askWithin(t, a, failover.Silent, time.Second))
				if len(r.got()) == 0 {
					t.Error("nothing was asked")
				}
			})
		})
	}
}

func TestTheRightAnswerIsFoundAmongOthers(t *testing.T) {
	t.Parallel()
	many := func(_ int, request string) []string {
		wrong := respond("200 OK", request, "branch=", "branch=x")
		return []string{wrong, respond("100 Trying", request), wrong, respond("503 Service Unavailable", request, "Call-ID: ", "Call-ID: x"), respond("486 Busy Here", request)}
	}
	each(t, many, func(t *testing.T, _ *responder, a probe.Asker) { ask(t, a, failover.Alive) })
	garbage := overUDP(t, "127.0.0.1", func(_ int, request string) []string {
		return []string{"", "\x00", strings.Repeat("x", 60000), respond("200 OK", request)}
	})
	udp, _ := both(garbage.At)
	ask(t, udp, failover.Alive)
}

// Whoever listens on the way knows all that is in the question; from an address
// of his own he cannot answer it.
func TestAnAnswerFromElsewhereDoesNotCount(t *testing.T) {
	t.Parallel()
	other, err := net.ListenPacket("udp", "127.0.0.3:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var sent atomic.Int32
	r := overUDP(t, "127.0.0.1", func(_ int, request string) []string {
		at := net.UDPAddrFromAddrPort(netip.MustParseAddrPort(field(t, request, `SIP/2.0/UDP (.*?);`)))
		if _, err := other.WriteTo([]byte(respond("200 OK", request)), at); err != nil {
			t.Error(err)
		}
		sent.Add(1)
		return nil
	})
	udp, _ := both(r.At)
	askWithin(t, udp, failover.Silent, time.Second)
	if len(r.got()) == 0 || sent.Load() == 0 {
		t.Error("nothing was sent")
	}
}
