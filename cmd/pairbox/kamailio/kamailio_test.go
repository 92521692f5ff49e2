package kamailio_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
)

func place(t *testing.T, address string) netip.AddrPort {
	t.Helper()
	return netip.AddrPortFrom(netip.MustParseAddr(address), uint16(boxtest.FreePort(t, address)))
}

// say sends a request with the given lines, and gives the answer: "" for none.
func say(t *testing.T, to netip.AddrPort, method string, lines ...string) string {
	t.Helper()
	c, err := net.Dial("udp", to.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	head := []string{
		fmt.Sprintf("%s sip:%s SIP/2.0", method, to), fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bK1;rport", c.LocalAddr()),
		"From: <sip:phone@127.0.0.1>;tag=1", "To: <sip:phone@127.0.0.1>", "Call-ID: 1", "CSeq: 1 " + method,
		fmt.Sprintf("Contact: <sip:phone@%s>", c.LocalAddr()), "Max-Forwards: 70", "Content-Length: 0",
	}
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 1<<16)
	if _, err := c.Write([]byte(strings.Join(append(head, lines...), "\r\n") + "\r\n\r\n")); err != nil {
		return "" // it refused the one before
	}
	n, _ := c.Read(buffer) // nothing, when there is no answer
	return string(buffer[:n])
}

// soon waits until a function gives what is wanted.
func soon(t *testing.T, want string, get func() string) {
	t.Helper()
	var got string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if got = get(); got == want || want != "" && strings.HasPrefix(got, want) {
			return
		}
	}
	t.Fatalf("%q, wanted %q", got, want)
}

func TestItAnswersUntilItIsFrozenOrKilled(t *testing.T) {
	at := place(t, "127.0.0.1")
	s := boxtest.Kamailio(t, kamailio.Options{Address: at})
	options := func() string { return say(t, at, "OPTIONS") }
	soon(t, "SIP/2.0 200 OK\r\n", options)
	for _, act := range []struct {
		do   func() error
		want string
	}{
		{s.Freeze, ""}, {s.Thaw, "SIP/2.0 200 OK\r\n"}, {s.Kill, ""},
		{func() error { s.Answer(503); return s.Restart(t.Context()) }, "SIP/2.0 503 Service Unavailable\r\n"},
	} {
		if err := act.do(); err != nil {
			t.Fatal(err)
		}
		soon(t, act.want, options)
	}
}

func TestARegistrationLastsAsLongAsTheRegistrarPermits(t *testing.T) {
	at := place(t, "127.0.0.1")
	boxtest.Kamailio(t, kamailio.Options{Address: at, Expiry: kamailio.Expiry{Min: 3 * time.Minute, Default: 200 * time.Second, Max: 4 * time.Minute}})
	for asked, given := range map[string]string{"10": "180", "220": "220", "3600": "240", "": "200"} {
		var lines []string
		if asked != "" {
			lines = append(lines, "Expires: "+asked)
		}
		answer := say(t, at, "REGISTER", lines...)
		if !strings.HasPrefix(answer, "SIP/2.0 200 ") || !strings.Contains(answer, ";expires="+given) {
			t.Errorf("for %q s: %s", asked, answer)
		}
	}
}

// The test starts itself, and kills that.
func TestItEndsWithTheProgramThatStartedIt(t *testing.T) {
	if os.Getenv("KAMAILIO_AT") != "" {
		startAndWait(t)
		return
	}
	at := place(t, "127.0.0.1")
	boxtest.Kamailio(t, kamailio.Options{Address: place(t, "127.0.0.1")}) // it is there, or the test is skipped
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "KAMAILIO_AT="+at.String(), "TMPDIR="+boxDir(t))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var word string
	_, err = fmt.Fscan(out, &word)
	pid, wrong := strconv.Atoi(word)
	if err := errors.Join(err, wrong, cmd.Process.Kill()); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	soon(t, "gone", func() string {
		if errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) {
			return "gone"
		}
		return "there"
	})
}

// boxDir is a directory that the server's user can enter.
func boxDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "kamailio-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startAndWait(t *testing.T) {
	s, err := kamailio.Start(context.WithoutCancel(t.Context()), kamailio.Options{Address: netip.MustParseAddrPort(os.Getenv("KAMAILIO_AT"))})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Freeze(); err != nil {
		t.Fatal(err)
	}
	fmt.Println(s.PID())
	time.Sleep(time.Minute)
}
