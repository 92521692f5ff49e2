package drill_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/resources/drill"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bed is two real SIP servers.
type bed struct {
	*testing.T
	servers [2]*kamailio.Server
	options drill.Options
}

func newBed(t *testing.T, auth kamailio.Auth) *bed {
	t.Helper()
	b := &bed{T: t, options: drill.Options{Phones: 5, Expiry: 4 * time.Second, TimerF: 3200 * time.Millisecond}}
	for n := range b.servers {
		b.options.Servers[n] = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(boxtest.FreePort(t, "127.0.0.1")))
		b.servers[n] = boxtest.Kamailio(t, kamailio.Options{Address: b.options.Servers[n], Auth: auth, Expiry: kamailio.Expiry{Min: time.Second}})
	}
	return b
}

func (b *bed) start() *drill.Drill {
	b.Helper()
	d, err := drill.Start(b.Context(), b.options)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close(context.WithoutCancel(b.Context())) })
	return d
}

// gather waits until all phones are registered at a node.
func (b *bed) gather(d *drill.Drill, n drill.Node) {
	b.Helper()
	for limit := time.Now().Add(time.Minute); d.Served(n) < b.options.Phones; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			b.Fatalf("%d phones are at the %s: %v", d.Served(n), n, d.Refused())
		}
	}
}

func (b *bed) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func TestPhonesGoToTheStandbyAndComeBack(t *testing.T) {
	t.Parallel()
	b := newBed(t, kamailio.Auth{})
	d := b.start()
	b.gather(d, drill.Master)
	d.Begin()
	b.must(b.servers[drill.Master].Freeze()) // silence, so that Timer F passes
	b.gather(d, drill.Standby)
	outages := d.Outages()
	t.Log(outages)
	if least := slices.Min(outages); len(outages) != 5 || least < b.options.TimerF {
		t.Errorf("%v: none is shorter than Timer F", outages)
	}
	d.Begin()
	b.must(b.servers[drill.Master].Restart(t.Context()))
	b.gather(d, drill.Master)
	if outages := d.Outages(); slices.Max(outages) != 0 {
		t.Errorf("both servers answered: %v", outages)
	}
}

func TestWithoutAnyServerThePhonesAreOut(t *testing.T) {
	t.Parallel()
	b := newBed(t, kamailio.Auth{})
	b.must(b.servers[drill.Standby].Kill())
	d := b.start()
	b.gather(d, drill.Master)
	d.Begin()
	b.must(b.servers[drill.Master].Kill()) // its port refuses then
	time.Sleep(8 * time.Second)            // longer than a beat
	if least := slices.Min(d.Outages()); least < 2*time.Second {
		t.Error(d.Outages())
	}
	if n := d.Served(drill.Master) + d.Served(drill.Standby); n != 0 {
		t.Errorf("%d are served", n)
	}
	b.must(b.servers[drill.Master].Restart(t.Context()))
	b.gather(d, drill.Master)
}

func TestAPasswordIsProved(t *testing.T) {
	t.Parallel()
	for _, sha := range []bool{false, true} {
		b := newBed(t, kamailio.Auth{User: "alice", Password: `a "quoted\ pass, word`, SHA256: sha})
		b.options.User, b.options.Domain = "alice", "example.org"
		b.options.Password = func() string { return `a "quoted\ pass, word` }
		b.gather(b.start(), drill.Master)
	}
}

func TestAWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	b := newBed(t, kamailio.Auth{User: "alice", Password: "right"})
	for name, c := range map[string]struct {
		change func()
		says   string
	}{
		"wrong password": {func() { b.options.User, b.options.Password = "alice", func() string { return "hush-hush" } }, "user alice or its password is wrong"},
		"no password":    {func() { b.options.User, b.options.Password = "", nil }, "--password-file"},
	} {
		c.change()
		d := b.start()
		for limit := time.Now().Add(20 * time.Second); d.Refused() == nil && time.Now().Before(limit); {
			time.Sleep(10 * time.Millisecond)
		}
		refused, is := errors.AsType[*drill.Refused](d.Refused())
		if !is || refused.At != drill.Master || !strings.Contains(refused.Error(), c.says) || strings.Contains(refused.Error(), "hush") {
			t.Errorf("%s: %v", name, d.Refused())
		}
	}
}

func TestTheRegistrarsLeastExpiryIsTaken(t *testing.T) {
	t.Parallel()
	b := newBed(t, kamailio.Auth{})
	b.servers[drill.Master] = boxtest.Kamailio(t, kamailio.Options{Address: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.7"), b.options.Servers[drill.Master].Port()), Expiry: kamailio.Expiry{Min: time.Minute}})
	b.options.Servers[drill.Master] = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.7"), b.options.Servers[drill.Master].Port())
	b.gather(b.start(), drill.Master)
}
