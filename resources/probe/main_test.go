package probe_test

import (
	"context"
	"net/netip"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

func TestMain(m *testing.M) {
	if to := os.Getenv(pinger); to != "" {
		pingAsTold(to)
		return
	}
	goleak.VerifyTestMain(m)
}

// ask asks once, with time enough, and fails the test unless the answer is as
// wanted. It gives the error.
func ask(t *testing.T, a probe.Asker, want failover.Answer) error {
	t.Helper()
	return askWithin(t, a, want, 20*time.Second)
}

func askWithin(t *testing.T, a probe.Asker, want failover.Answer, limit time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	begin := time.Now()
	got, err := a.Ask(ctx)
	if got != want || (err == nil) != (want == failover.Alive) {
		t.Errorf("%T: %s, %v; wanted %s", a, got, err, want)
	}
	if took := time.Since(begin); took > limit+10*time.Second {
		t.Errorf("%T: it took %s", a, took)
	}
	return err
}

// free is a port of an address that nobody listens on.
func free(t *testing.T, address string) netip.AddrPort {
	t.Helper()
	return netip.AddrPortFrom(netip.MustParseAddr(address), uint16(boxtest.FreePort(t, address)))
}

// watch runs probes for the length of a test.
func watch(t *testing.T, probes ...probe.Probe) *probe.Watch {
	t.Helper()
	w, err := probe.New(probes)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return w
}

// become waits until all votes are as wanted, and gives the time that it took.
func become(t *testing.T, w *probe.Watch, want failover.Answer) time.Duration {
	t.Helper()
	begin := time.Now()
	for time.Since(begin) < 100*time.Second {
		different := false
		for _, v := range w.Votes() {
			different = different || v.Answer != want
		}
		if !different {
			return time.Since(begin)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not all become %s: %+v", want, w.Votes())
	return 0
}
