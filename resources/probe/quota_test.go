package probe

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// sipLike counts as a SIP probe.
type sipLike struct {
	*asker
	server netip.Addr
}

func (s sipLike) sipServer() netip.Addr { return s.server }

func TestFewerThanFiveSIPRequestsReachAnAddressInFiveSeconds(t *testing.T) {
	one, other := netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3")
	for name, pace := range map[string]Pace{"default": SIPPace(), "short": {200 * time.Millisecond, 200 * time.Millisecond, 1, 1}} {
		synctest.Test(t, func(t *testing.T) {
			var askers []*asker
			var probes []Probe
			for i, server := range []netip.Addr{one, one, other} {
				askers = append(askers, alive(50*time.Millisecond))
				probes = append(probes, Probe{string(rune('a' + i)), failover.SIP, pace, sipLike{askers[i], server}})
			}
			run(t, probes, func(*Watch) { time.Sleep(10*time.Minute + time.Second) })
			for _, of := range [][]*asker{askers[:2], askers[2:]} {
				fewerThanFive(t, name, of)
			}
			if n := len(askers[0].asked); name == "default" && n != 201 {
				t.Errorf("%d questions are asked in 10 minutes", n)
			}
		})
	}
}

func fewerThanFive(t *testing.T, name string, askers []*asker) {
	t.Helper()
	var all []time.Time
	for _, a := range askers {
		if len(a.asked) < 100 {
			t.Errorf("%s: one of the probes asks %d times in 10 minutes", name, len(a.asked))
		}
		all = append(all, a.asked...)
	}
	for _, from := range all {
		within := 0
		for _, at := range all {
			if d := at.Sub(from); d >= 0 && d <= 5*time.Second {
				within++
			}
		}
		if within >= 5 {
			t.Fatalf("%s: %d requests within 5 s", name, within)
		}
	}
}
