package probe_test

import (
	"context"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

// inside asks from a node of a network.
type inside struct {
	*netns.Node
	probe.Asker
}

func (i inside) Ask(ctx context.Context) (answer failover.Answer, err error) {
	entered := i.Enter(func() error {
		answer, err = i.Asker.Ask(ctx)
		return nil
	})
	if entered != nil {
		return failover.Silent, entered
	}
	return answer, err
}

// newNetwork is two nodes: one that asks, one that is asked.
func newNetwork(t *testing.T) (us, peer *netns.Node) {
	t.Helper()
	if err := netns.Available(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	n, err := netns.New(2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n.Nodes[0], n.Nodes[1]
}

func act(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAHostIsSilentWhileItIsCut(t *testing.T) {
	t.Parallel()
	us, peer := newNetwork(t)
	var probes []probe.Probe
	for _, to := range []netip.Addr{peer.V4, peer.V6} {
		target := probe.Target{To: netip.AddrPortFrom(to, 22)} // where nothing listens
		probes = append(probes, probe.Probe{Name: "ping " + to.String(), Pace: probe.HostPace(), Asker: inside{us, probe.Ping{To: to}}},
			probe.Probe{Name: "tcp " + to.String(), Pace: probe.HostPace(), Asker: inside{us, probe.TCP{Target: target}}})
	}
	w := watch(t, probes...)
	become(t, w, failover.Alive)
	for _, l := range []netns.Loss{{In: 100}, {Out: 100}} {
		act(t, peer.Lose(l))
		t.Logf("%+v: %s, %+v", l, become(t, w, failover.Silent), w.Votes())
		act(t, peer.Lose(netns.Loss{}))
		t.Logf("healed: %s", become(t, w, failover.Alive))
	}
	act(t, peer.Unplug())
	t.Logf("unplugged: %s, %+v", become(t, w, failover.Silent), w.Votes())
}

// lossFor is how long packets are lost. Of 100 such minutes one or two have two
// questions in a row that are not answered: 3 requests are lost with 0.3³.
func lossFor() time.Duration {
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		return time.Minute
	}
	return 9 * time.Second
}

func TestALossyNetworkIsNoSilence(t *testing.T) {
	t.Parallel()
	us, peer := newNetwork(t)
	at := netip.AddrPortFrom(peer.V4, 5060)
	act(t, peer.Enter(func() error { boxtest.Kamailio(t, kamailio.Options{Address: at}); return nil }))
	udp, _ := both(at)
	w := watch(t, probe.Probe{Name: "sip udp", Kind: failover.SIP, Pace: probe.SIPPace(), Asker: inside{us, udp}})
	become(t, w, failover.Alive)
	act(t, peer.Lose(netns.Loss{In: 30}))
	failed := time.Time{}
	for begin := time.Now(); time.Since(begin) < lossFor(); time.Sleep(10 * time.Millisecond) {
		v := w.Votes()[0]
		if v.Answer != failover.Alive {
			t.Fatalf("after %s: %+v", time.Since(begin), v)
		}
		if v.Why != "" && !v.Asked.Equal(failed) {
			failed = v.Asked
			t.Logf("after %s: %s", time.Since(begin), v.Why)
		}
	}
}

// Where the kernel permits it, nobody needs to be root to ping (icmp(7)).
func TestADatagramSocketPingsToo(t *testing.T) {
	t.Parallel()
	us, peer := newNetwork(t)
	act(t, us.Enter(func() error { return os.WriteFile("/proc/sys/net/ipv4/ping_group_range", []byte("0 2147483647"), 0) }))
	for _, to := range []netip.Addr{peer.V4, peer.V6} {
		out, err := asNobody(t, us, to)
		if err != nil || !strings.Contains(out, "alive <nil>") {
			t.Errorf("%s: %v: %s", to, err, out)
		}
	}
	act(t, us.Enter(func() error { return os.WriteFile("/proc/sys/net/ipv4/ping_group_range", []byte("1 0"), 0) }))
	out, err := asNobody(t, us, peer.V4)
	if err != nil || !strings.Contains(out, "silent it could not be asked: this user may not ping; run hotpair as root or with CAP_NET_RAW, or ask by TCP instead") {
		t.Errorf("%v: %s", err, out)
	}
}
