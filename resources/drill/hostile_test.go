package drill_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/drill"
)

// registrar answers each REGISTER with what a function makes of it, and OPTIONS
// with nothing.
func registrar(t *testing.T, answer func(number int32, request string) []string) netip.AddrPort {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done, number := make(chan struct{}), atomic.Int32{}
	t.Cleanup(func() { c.Close(); <-done })
	go func() {
		defer close(done)
		buffer := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(buffer)
			if err != nil {
				return
			}
			if request := string(buffer[:n]); strings.HasPrefix(request, "REGISTER ") {
				for _, text := range answer(number.Add(1), request) {
					_, _ = c.WriteTo([]byte(text), from)
				}
			}
		}
	}()
	return c.LocalAddr().(*net.UDPAddr).AddrPort()
}

// respond is a response to a request, with further header lines.
func respond(status, request string, more ...string) string {
	lines := []string{"SIP/2.0 " + status}
	for line := range strings.SplitSeq(request, "\r\n") {
		for _, name := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
			if strings.HasPrefix(line, name) {
				lines = append(lines, line)
			}
		}
	}
	return strings.Join(append(append(lines, more...), "Content-Length: 0", "", ""), "\r\n")
}

// alone is one phone whose master is this registrar; nobody is the standby.
func alone(t *testing.T, master netip.AddrPort) drill.Options {
	t.Helper()
	return drill.Options{Servers: [2]netip.AddrPort{master, netip.MustParseAddrPort("127.0.0.1:9")}, Phones: 1, Expiry: time.Minute, TimerF: 320 * time.Millisecond,
		User: "alice", Password: func() string { return "hush-hush" }}
}

func TestHostileAnswersRegisterNobody(t *testing.T) {
	t.Parallel()
	for _, answer := range []func(string) []string{
		func(string) []string { return []string{"", "\x00", strings.Repeat("SIP/2.0 200 OK\r\n", 2000)} },
		func(r string) []string { return []string{r} },
		func(r string) []string {
			return []string{strings.Replace(respond("200 OK", r), "branch=z", "branch=y", 1)}
		},
		func(r string) []string {
			return []string{strings.Replace(respond("200 OK", r), "Call-ID: ", "Call-ID: x", 1)}
		},
		func(r string) []string {
			return []string{strings.Replace(respond("200 OK", r), " REGISTER", " OPTIONS", 1)}
		},
		func(r string) []string { return []string{respond("100 Trying", r), respond("183 x", r)} },
		func(r string) []string { return []string{respond("200 OK", r, "Expires: 0")} },
		func(r string) []string { return []string{respond("200 OK", r, "Expires: 4294967295")} },
		func(r string) []string { return []string{respond("423 x", r, "Min-Expires: 4294967295")} },
		func(r string) []string { return []string{respond("423 x", r, "Min-Expires: 1")} },
		func(r string) []string { return []string{respond("423 x", r)} },
		func(r string) []string { return []string{respond("302 x", r, "Contact: <sip:10.0.0.9>")} },
		func(r string) []string { return []string{respond("401 x", r, `WWW-Authenticate: Digest realm="`)} },
		func(r string) []string {
			return []string{respond("401 x", r, `WWW-Authenticate: Digest nonce="a", stale=true`)}
		},
		func(r string) []string { return []string{respond("503 "+strings.Repeat("\x80", 5000), r)} },
	} {
		var asked atomic.Int32
		d, err := drill.Start(t.Context(), alone(t, registrar(t, func(number int32, request string) []string {
			asked.Store(number)
			if strings.Contains(request, "hush") {
				t.Error(request)
			}
			return answer(request)
		})))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(400 * time.Millisecond) // longer than Timer F
		if asked.Load() == 0 || asked.Load() > 20 || d.Served(drill.Master) != 0 {
			t.Errorf("%d questions, %d served: %q", asked.Load(), d.Served(drill.Master), answer("x"))
		}
		d.Close(t.Context())
	}
}

func TestALongerExpiryIsAskedForWhereTheRegistrarWantsIt(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	d, err := drill.Start(t.Context(), alone(t, registrar(t, func(_ int32, request string) []string {
		got <- request
		if strings.Contains(request, "\r\nCSeq: 1 REGISTER\r\n") {
			return []string{respond("423 Interval Too Brief", request, "Min-Expires: 90")}
		}
		return []string{respond("200 OK", request)}
	})))
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	next := func() string { // what is sent again after a while is no other request
		for again := last; again == last; {
			last = <-got
		}
		return last
	}
	for n, expires := range []int{60, 90} {
		if request := next(); !strings.Contains(request, fmt.Sprintf("\r\nCSeq: %d REGISTER\r\n", n+1)) || !strings.Contains(request, fmt.Sprintf("\r\nExpires: %d\r\n", expires)) {
			t.Error(request)
		}
	}
	for d.Served(drill.Master) == 0 {
		time.Sleep(time.Millisecond)
	}
	d.Close(t.Context())
	if !strings.Contains(next(), "\r\nExpires: 0\r\n") {
		t.Errorf("the registration is not ended: %s", last)
	}
}

func TestARequestIsSentAgainAsItWas(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	d, err := drill.Start(t.Context(), alone(t, registrar(t, func(number int32, request string) []string {
		got <- request
		if number < 3 {
			return nil
		}
		return []string{respond("200 OK", request)}
	})))
	if err != nil {
		t.Fatal(err)
	}
	if first, second, third := <-got, <-got, <-got; first != second || second != third {
		t.Error(first, second, third)
	}
	d.Close(t.Context())
}
