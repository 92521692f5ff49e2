package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
)

func TestThisHostAnswersAPing(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 && os.Getenv("CI") == "" {
		t.Skip("root is needed, who may ping anywhere")
	}
	for _, p := range []probe.Ping{
		{To: netip.MustParseAddr("127.0.0.1")}, {To: netip.MustParseAddr("::1")}, {To: netip.MustParseAddr("::ffff:127.0.0.1")},
		{To: netip.MustParseAddr("127.0.0.1"), From: netip.MustParseAddr("127.0.0.7")},
	} {
		ask(t, p, failover.Alive)
	}
}

// asNobody pings from a node as a user without privileges: the test starts itself.
func asNobody(t *testing.T, from *netns.Node, to netip.Addr) (string, error) {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.CreateTemp("", "probe-test")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(program.Name())
	if _, err := program.Write(self); err != nil {
		t.Fatal(err)
	}
	act(t, program.Chmod(0o755))
	act(t, program.Close())
	out, err := from.Command("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
		"env", pinger+"="+to.String(), program.Name()).CombinedOutput()
	return string(out), err
}

// pinger names what the test is to ping when it is started so.
const pinger = "PROBE_TEST_PING"

// pingAsTold prints what comes of it.
func pingAsTold(to string) {
	address, err := netip.ParseAddr(to)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := probe.Ping{To: address}
	var answer failover.Answer
	for begin := time.Now(); answer != failover.Alive && time.Since(begin) < 20*time.Second && !errors.Is(err, probe.ErrNotAsked); {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		answer, err = p.Ask(ctx)
		cancel()
	}
	fmt.Println(answer, err)
}
