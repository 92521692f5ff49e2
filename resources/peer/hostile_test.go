package peer

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/laws"
)

// raw runs ssh with our key and whatever arguments an attacker likes.
func (p *pairing) raw(before []string, request ...string) (string, error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	args := p.target.own()
	for i, word := range args {
		if word == "ClearAllForwardings=yes" {
			args[i] = "ExitOnForwardFailure=yes"
		}
	}
	args = append(append(args, before...), p.target.destination())
	cmd := exec.CommandContext(ctx, sshProgram, append(args, request...)...)
	cmd.Env = os.Environ()
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		p.t.Errorf("%q %q hangs", before, request)
	}
	return string(out), err
}

func TestNoHostileRequestGetsThroughRealSSH(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	marker := filepath.Join(filepath.Dir(p.slave), "marker")
	before := laws.Tree(p.slave, true)
	tried := 0
	for _, request := range hostile(marker) {
		if strings.Contains(request, "\x00") || request == "" {
			continue // ssh itself sends none
		}
		tried++
		c, err := l.Open(t.Context(), request)
		if err != nil {
			continue // not even an argument
		}
		must(t, c.SetDeadline(time.Now().Add(time.Minute)))
		out, err := io.ReadAll(c)
		if len(out) > 0 || err == nil || !strings.Contains(err.Error(), "the peer refuses: ") {
			t.Errorf("%q: %q, %v", request, out, err)
		}
		c.Close()
	}
	if tried < 100 {
		t.Errorf("%d tried", tried)
	}
	if _, err := os.Lstat(marker); err == nil {
		t.Error("something was written")
	}
	if after := laws.Tree(p.slave, true); after != before {
		t.Errorf("the slave was\n%s\nand is\n%s", before, after)
	}
}

func TestOurKeyOpensNoShellAndForwardsNothing(t *testing.T) {
	p := newPairing(t)
	must(t, p.target.pin())
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer inner.Close()
	reached := make(chan struct{}, 10)
	go func() {
		for c, err := inner.Accept(); err == nil; c, err = inner.Accept() {
			reached <- struct{}{}
			c.Close()
		}
	}()
	to := inner.Addr().String()
	for name, try := range map[string]func() (string, error){
		"shell":   func() (string, error) { return p.raw(nil) },
		"pty":     func() (string, error) { return p.raw([]string{"-tt"}, "state") },
		"sftp":    func() (string, error) { return p.raw([]string{"-s"}, "sftp") },
		"remote":  func() (string, error) { return p.raw([]string{"-R", "127.0.0.1:0:" + to}, "state") },
		"stdio":   func() (string, error) { return p.raw([]string{"-W", to}) },
		"environ": func() (string, error) { return p.raw([]string{"-o", "SetEnv=SSH_ORIGINAL_COMMAND=state"}) },
	} {
		out, err := try()
		t.Logf("%s: %v: %.200s", name, err, out)
		switch name {
		case "pty":
			if !strings.Contains(out, "PTY allocation request failed") {
				t.Errorf("a terminal: %q", out)
			}
		default:
			if err == nil || strings.Contains(out, `"role"`) {
				t.Errorf("%s: %q", name, out)
			}
		}
	}
	for _, forward := range [][]string{{"-L", freeAddress(t).String() + ":" + to}, {"-D", freeAddress(t).String()}} {
		p.forwards(forward)
	}
	for _, option := range []string{"-A", "-Y"} {
		if out, err := p.raw([]string{option}, "state"); err != nil || !strings.Contains(out, `"role":"slave"`) {
			t.Errorf("%s: %q, %v", option, out, err)
		}
	}
	select {
	case <-reached:
		t.Error("a port behind the peer was reached")
	default:
	}
	source := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(source, []byte("x"), 0o644))
	for _, protocol := range []string{"-O", "-s"} {
		args := append([]string{protocol, "-P"}, p.target.own()[3:]...)
		args = append(args, source, p.target.destination()+":"+p.slave+"/srv/data/scp")
		if out, err := exec.CommandContext(t.Context(), "/usr/bin/scp", args...).CombinedOutput(); err == nil {
			t.Errorf("scp %s: %s", protocol, out)
		}
	}
	if _, err := os.Stat(p.slave + "/srv/data/scp"); err == nil {
		t.Error("scp wrote")
	}
}

// forwards has ssh listen for a forwarding and tries it.
func (p *pairing) forwards(forward []string) {
	p.t.Helper()
	args := append(p.target.own(), forward...)
	for i, word := range args {
		if word == "ClearAllForwardings=yes" {
			args[i] = "ExitOnForwardFailure=yes"
		}
	}
	cmd := exec.CommandContext(p.t.Context(), sshProgram, append(args, "-N", p.target.destination())...)
	var said bytes.Buffer
	cmd.Stderr = &said
	must(p.t, cmd.Start())
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	address := strings.Join(strings.Split(forward[1], ":")[:2], ":")
	for range 200 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		defer c.Close()
		io.WriteString(c, "\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x16") // SOCKS 5 to 127.0.0.1:22
		c.SetReadDeadline(time.Now().Add(time.Minute))
		got, _ := io.ReadAll(c)
		if len(got) > 12 || bytes.Contains(got, []byte("SSH-")) {
			p.t.Errorf("%q gave %q", forward, got)
		}
		return
	}
	p.t.Errorf("ssh does not listen for %q: %s", forward, said.String())
}
