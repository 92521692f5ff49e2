package probe_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

func TestAConnectionOrARefusalProvesAHost(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", "::1"} {
		l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ask(t, probe.TCP{Target: probe.Target{To: l.Addr().(*net.TCPAddr).AddrPort()}}, failover.Alive)
		ask(t, probe.TCP{Target: probe.Target{To: free(t, address)}}, failover.Alive)
	}
}

// serve is a web server for the length of a test.
func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s.URL
}

func TestAPageIsAnAnswerUnlessTheServerIsBroken(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]failover.Answer{
		200: failover.Alive, 302: failover.Alive, 401: failover.Alive, 404: failover.Alive, 500: failover.Silent, 502: failover.Silent, 503: failover.Busy,
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if err := ask(t, probe.HTTP{URL: url}, want); err != nil && !strings.HasPrefix(err.Error(), "it answers 50") {
			t.Error(err)
		}
	}
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	defer tls.Close()
	ask(t, probe.HTTP{URL: tls.URL}, failover.Alive)
}

func TestARedirectionIsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	other := serve(t, func(http.ResponseWriter, *http.Request) { followed.Store(true) })
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) })
	ask(t, probe.HTTP{URL: url}, failover.Alive)
	if followed.Load() {
		t.Error("it was")
	}
}

func TestAPageWithoutEndIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	ask(t, probe.HTTP{URL: url}, failover.Alive)
	endless := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		for err == nil {
			_, err = c.Write([]byte("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<16)))
		}
	})
	ask(t, probe.HTTP{URL: endless}, failover.Silent)
}

// Whatever asks does so from the address that it is told to.
func TestAQuestionComesFromTheAddressThatItIsTold(t *testing.T) {
	t.Parallel()
	from := netip.MustParseAddr("127.0.0.7")
	var source atomic.Value
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { source.Store(r.RemoteAddr) })
	ask(t, probe.HTTP{URL: url, From: from}, failover.Alive)
	u, s := overUDP(t, "127.0.0.1", always("200 OK")), overTCP(t, "127.0.0.1", always("200 OK"))
	ask(t, probe.SIPUDP{Target: probe.Target{To: u.At, From: from}}, failover.Alive)
	tcp := &probe.SIPTCP{Target: probe.Target{To: s.At, From: from}}
	ask(t, tcp, failover.Alive)
	if err := tcp.Close(); err != nil {
		t.Error(err)
	}
	for _, got := range []string{source.Load().(string), u.source(), s.source()} {
		if !strings.HasPrefix(got, "127.0.0.7:") {
			t.Errorf("asked from %s", got)
		}
	}
}

func TestAnAddressThatThisNodeLacksIsNoSilence(t *testing.T) {
	t.Parallel()
	target := probe.Target{To: free(t, "127.0.0.1"), From: netip.MustParseAddr("192.0.2.1")}
	pace := probe.Pace{Interval: 100 * time.Millisecond, Timeout: time.Second, Fall: 1, Rise: 1}
	var probes []probe.Probe
	for name, a := range map[string]probe.Asker{
		"tcp": probe.TCP{Target: target}, "udp": probe.SIPUDP{Target: target}, "postgres": probe.Postgres{Target: target},
		"ping": probe.Ping{To: target.To.Addr(), From: target.From}, "http": probe.HTTP{URL: "http://" + target.To.String(), From: target.From},
	} {
		probes = append(probes, probe.Probe{Name: name, Pace: pace, Asker: a})
	}
	w := watch(t, probes...)
	time.Sleep(time.Second)
	for _, v := range w.Votes() {
		if v.Answer != failover.Unknown || v.Why != "this node does not have the address to ask from" {
			t.Errorf("%+v", v)
		}
	}
}
