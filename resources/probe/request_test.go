package probe_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

func TestARequestIsSentAgainOverUDPOnly(t *testing.T) {
	t.Parallel()
	third := func(number int, request string) []string {
		if number < 3 {
			return nil
		}
		return []string{respond("200 OK", request)}
	}
	r := overUDP(t, "127.0.0.1", third)
	udp, _ := both(r.At)
	ask(t, udp, failover.Alive)
	got, at := r.got(), r.times
	if len(got) != 3 || got[0] != got[1] || got[1] != got[2] || at[1].Sub(at[0]) < 450*time.Millisecond || at[2].Sub(at[1]) < 950*time.Millisecond {
		t.Error(at, got)
	}
	deaf := overTCP(t, "127.0.0.1", func(int, string) []string { return nil })
	_, tcp := both(deaf.At)
	askWithin(t, tcp, failover.Silent, 2*time.Second)
	if got := deaf.got(); len(got) != 1 {
		t.Error(got)
	}
}

func TestALostPacketInTwoOfThreeIsNoSilence(t *testing.T) {
	t.Parallel()
	r := overUDP(t, "127.0.0.1", func(number int, request string) []string {
		if number%3 != 0 {
			return nil
		}
		return []string{respond("200 OK", request)}
	})
	udp, _ := both(r.At)
	w := watch(t, probe.Probe{Name: "sip", Kind: failover.SIP, Pace: probe.SIPPace(), Asker: udp})
	become(t, w, failover.Alive)
	for len(r.got()) < 12 {
		time.Sleep(10 * time.Millisecond)
		if v := w.Votes()[0]; v.Answer != failover.Alive || v.Why != "" {
			t.Fatalf("%+v", v)
		}
	}
}

func TestWhereNothingListensTheReasonIsTold(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.0.1")
	udp, tcp := both(at)
	w := watch(t, probe.Probe{Name: "udp", Kind: failover.SIP, Pace: probe.Pace{Interval: time.Second, Timeout: 700 * time.Millisecond, Fall: 1, Rise: 1}, Asker: udp},
		probe.Probe{Name: "tcp", Kind: failover.SIP, Pace: probe.Pace{Interval: time.Second, Timeout: 700 * time.Millisecond, Fall: 1, Rise: 1}, Asker: tcp})
	become(t, w, failover.Silent)
	for _, v := range w.Votes() {
		if v.Why != "it refuses: nothing listens at this port" {
			t.Errorf("%+v", v)
		}
	}
}

func TestOneConnectionIsKept(t *testing.T) {
	t.Parallel()
	var silent atomic.Bool
	r := overTCP(t, "127.0.0.1", func(_ int, request string) []string {
		if silent.Load() {
			return nil
		}
		return []string{respond("200 OK", request)}
	})
	_, tcp := both(r.At)
	defer tcp.Close()
	for range 5 {
		ask(t, tcp, failover.Alive)
	}
	if n := r.connections(); n != 1 {
		t.Errorf("%d connections for 5 answers", n)
	}
	silent.Store(true)
	askWithin(t, tcp, failover.Silent, time.Second)
	silent.Store(false)
	ask(t, tcp, failover.Alive)
	if n := r.connections(); n != 2 {
		t.Errorf("%d connections after a question without an answer", n)
	}
}

func TestARequestHasWhatRFC3261AsksFor(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", "::1"} {
		u, s := overUDP(t, address, always("200 OK")), overTCP(t, address, always("200 OK"))
		udp, _ := both(u.At)
		_, tcp := both(s.At)
		defer tcp.Close()
		for range 2 {
			ask(t, udp, failover.Alive)
			ask(t, tcp, failover.Alive)
		}
		checkRequests(t, u, "UDP")
		checkRequests(t, s, "TCP")
	}
}

func checkRequests(t *testing.T, r *responder, transport string) {
	t.Helper()
	got := r.got() // after which nothing changes
	if len(got) != 2 {
		t.Fatal(got)
	}
	host := field(t, r.At.String(), `^(.*):`)
	lower := strings.ToLower(transport)
	for _, line := range []string{
		"OPTIONS sip:" + r.At.String() + ";transport=" + lower + " SIP/2.0", "Max-Forwards: 70", "CSeq: 1 OPTIONS", "User-Agent: hotpair", "Content-Length: 0",
		"To: <sip:" + host + ">", "Contact: <sip:hotpair@" + r.source() + ";transport=" + lower + ">",
	} {
		if !strings.Contains("\r\n"+got[1], "\r\n"+line+"\r\n") {
			t.Errorf("no %q in %q", line, got[1])
		}
	}
	if via := field(t, got[1], `Via: SIP/2.0/`+transport+` (.*);branch=z9hG4bK[A-Z2-7]{26};rport\r\n`); via != r.source() {
		t.Errorf("%q from %s", got[1], r.source())
	}
	for _, pattern := range []string{`branch=(\w+)`, `;tag=([A-Z2-7]{26})\r\n`, `Call-ID: ([A-Z2-7]{26})\r\n`} {
		if a, b := field(t, got[0], pattern), field(t, got[1], pattern); a == b {
			t.Errorf("%s comes twice", a)
		}
	}
}
