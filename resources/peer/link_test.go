package peer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestThePeerTellsItsStateOverRealSSH(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	s, err := l.State(t.Context())
	if err != nil || s.Role != slave || s.Active || s.Hotpair != "1" || len(s.Directories) != 2 || time.Since(s.Now).Abs() > time.Hour {
		t.Errorf("got %+v, %v", s, err)
	}
	second := p.dial()
	if second.master != nil {
		t.Error("the second one does not use the connection of the first")
	}
	must(t, second.Close())
	if !l.Alive(t.Context()) {
		t.Error("the connection ended with one that only used it")
	}
	must(t, l.Close())
	if l.Alive(t.Context()) {
		t.Error("the connection outlives Close")
	}
}

func TestWhatIsWrongIsToldApart(t *testing.T) {
	p := newPairing(t)
	good := p.target
	other := newPairing(t)

	p.target.HostKey = ""
	p.fails("run `hotpair init`")
	p.target.HostKey = other.target.HostKey
	p.fails("another host key than the pinned one: SHA256:")
	p.target.HostKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7"
	p.fails("another host key than the pinned one: one of another type")
	p.target = good
	p.target.Port = int(freeAddress(t).Port())
	p.fails("connection refused")
	p.target = good
	must(t, os.Rename(p.slave+AuthorizedKeys, p.slave+AuthorizedKeys+".off"))
	if _, err := Dial(t.Context(), p.target); !errors.Is(err, ErrNotAdmitted) {
		t.Errorf("got %v", err)
	}
	must(t, os.Remove(p.master+Identity))
	p.fails("/root/.ssh/hotpair_ed25519")
}

func TestAStrangerAtTheAddressIsNotTrusted(t *testing.T) {
	p := newPairing(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer silent.Close()
	p.target.Port = silent.Addr().(*net.TCPAddr).Port
	go func() {
		for c, err := silent.Accept(); err == nil; c, err = silent.Accept() {
			c.Close()
		}
	}()
	p.fails("no SSH server")
}

func TestAnSSHServerWithoutHotpairIsAStranger(t *testing.T) {
	p := newPairing(t)
	key, err := os.ReadFile(p.master + Identity + ".pub")
	must(t, err)
	for answer, want := range map[string]string{`command="echo hello" `: "not hotpair's state", `command="/nowhere/hotpair" `: "has no hotpair", "": "has no hotpair"} {
		must(t, os.WriteFile(p.slave+AuthorizedKeys, []byte(answer+string(key)), 0o600))
		l := p.dial()
		if _, err := l.State(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", answer, err, want)
		}
		must(t, l.Close())
	}
}

func TestACutLinkIsAnErrorAndNoHang(t *testing.T) {
	p := newPairing(t)
	database(t, p.slave)
	l := p.dial()
	c, _, err := l.Database(t.Context())
	must(t, err)
	defer c.Close()
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	time.AfterFunc(50*time.Millisecond, func() { p.server.Cut() })
	if _, err := io.ReadAll(c); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if s, err := l.State(t.Context()); err != nil || s.Role != slave {
		t.Errorf("a request after a cut connects anew: %v", err)
	}
	p.server.Close()
	if _, err := l.State(t.Context()); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v", err)
	}
}

func TestARequestEndsWithItsContextAndItsDeadline(t *testing.T) {
	p := newPairing(t)
	database(t, p.slave)
	l := p.dial()
	c, _, err := l.Database(t.Context())
	must(t, err)
	defer c.Close()
	must(t, c.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.State(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTheBridgeHandsOnBothWaysAndHalfCloses(t *testing.T) {
	p := newPairing(t)
	database(t, p.slave)
	c, s, err := p.dial().Database(t.Context())
	must(t, err)
	if s.Role != slave {
		t.Errorf("got %+v", s)
	}
	text := strings.Repeat("\x00\n\xffCOPY", 100_000)
	go func() {
		io.WriteString(c, text)
		c.(interface{ CloseWrite() error }).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err != nil || string(got) != text {
		t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
	}
	must(t, c.Close())
}

func TestAPeerThatMustNotBeWrittenRefuses(t *testing.T) {
	for state, want := range map[string]string{
		strings.Replace(passiveSlave, `"active":false`, `"active":true`, 1): "refuses: this node is active",
		strings.Replace(passiveSlave, `"slave"`, `"master"`, 1):             "refuses: this node is master",
	} {
		p := newPairing(t)
		p.say(state)
		l := p.dial()
		_, s, err := l.Database(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || s.Role == "" {
			t.Errorf("database: %+v, %v", s, err)
		}
		for _, request := range []string{FilesRequest, realRsync} {
			c, err := l.Open(t.Context(), request)
			must(t, err)
			if _, err := io.ReadAll(c); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", request, err)
			}
			must(t, c.Close())
		}
	}
}

func TestNoWordOfTheCommandHoldsASpace(t *testing.T) {
	p := newPairing(t)
	for _, word := range p.dial().Command() {
		if strings.ContainsAny(word, " \t%~") {
			t.Errorf("%q", word)
		}
	}
}

func TestASocketThatACrashLeftIsNoObstacle(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	must(t, exec.Command("kill", "-9", "--", "-"+itoa(l.master.cmd.Process.Pid)).Run())
	<-l.master.done
	if l.Alive(t.Context()) {
		t.Error("alive")
	}
	if again := p.dial(); !again.Alive(t.Context()) || again.master == nil {
		t.Error("a socket that a crash left is an obstacle")
	}
}

func TestTheConnectionEndsWithTheProgramThatIsKilled(t *testing.T) {
	p := newPairing(t)
	must(t, p.target.pin())
	program, err := os.Executable()
	must(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), "HOTPAIR_TEST_HOLD="+p.master, "HOTPAIR_TEST_PEER="+netip.AddrPortFrom(p.target.Address, uint16(p.target.Port)).String())
	_, err = cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if _, err := io.ReadFull(out, make([]byte, len("connected"))); err != nil {
		t.Error(err)
	}
	l := &Link{target: p.target, socket: p.target.socket()}
	if !l.Alive(t.Context()) {
		t.Error("it is not connected")
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	for limit := time.Now().Add(time.Minute); l.Alive(t.Context()); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("ssh outlives hotpair")
		}
	}
}

func TestARequestNeedsNoProcessOfItsOwn(t *testing.T) {
	p := newPairing(t)
	database(t, p.slave)
	l := p.dial()
	c, _, err := l.Database(t.Context())
	must(t, err)
	defer c.Close()
	if got := children(t); got != 1 {
		t.Errorf("%d processes hold the connection", got)
	}
}

// children counts the processes that this one started and that run ssh.
func children(t *testing.T) (n int) {
	t.Helper()
	out, err := exec.Command("ps", "-o", "comm=", "--ppid", itoa(os.Getpid())).Output()
	must(t, err)
	return strings.Count(string(out), "ssh\n")
}

func TestWhatHoldsTheSocketMustSpeakAsSSHDoes(t *testing.T) {
	p := newPairing(t)
	must(t, os.MkdirAll(p.master+"/run/hotpair", 0o755))
	for name, answer := range map[string]string{
		"nothing": "", "another version": "\x00\x00\x00\x08\x00\x00\x00\x01\x00\x00\x00\x03", "a huge message": "\x7f\xff\xff\xff\x00\x00\x00\x01",
		"a short message": "\x00\x00\x00\x01\x00\x00\x00\x01", "another message": "\x00\x00\x00\x08\x80\x00\x00\x05\x00\x00\x00\x04",
	} {
		s, err := net.Listen("unix", p.target.socket())
		must(t, err)
		go func() {
			if c, err := s.Accept(); err == nil {
				io.WriteString(c, answer)
				c.Close()
			}
		}()
		if l := (&Link{target: p.target, socket: p.target.socket()}); l.Alive(t.Context()) {
			t.Errorf("%s: alive", name)
		}
		must(t, s.Close())
	}
}

// A request that is kept open ends when the standby takes over.
func TestANodeThatBecomesActiveIsWrittenNoMore(t *testing.T) {
	p := newPairing(t)
	c, err := p.dial().Open(t.Context(), "files")
	must(t, err)
	defer c.Close()
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	must(t, os.WriteFile(p.slave+"/active", nil, 0o600))
	out, err := io.ReadAll(c)
	if len(out) > 0 || err == nil || !strings.Contains(err.Error(), "the peer refuses: this node was passive and is not any more") {
		t.Errorf("%q, %v", out, err)
	}
}
