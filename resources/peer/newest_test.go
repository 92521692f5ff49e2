package peer

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// A session whose connection was cut would go on beside the next one.
func TestTheNewestSessionOfFilesIsTheOnlyOne(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	last, holder := p.open(l, FilesRequest), p.holder(FilesRequest, 0)
	for range 3 {
		earlier := last
		last, holder = p.open(l, FilesRequest), p.holder(FilesRequest, holder)
		if out, err := io.ReadAll(earlier); err == nil || errors.Is(err, os.ErrDeadlineExceeded) || len(out) > 0 {
			t.Fatalf("the earlier one: %q, %v", out, err)
		}
	}
	_, err := io.WriteString(last, "/srv/data/new\n")
	must(t, err)
	must(t, last.(*conn).CloseWrite())
	out, err := io.ReadAll(last)
	if err != nil || !strings.HasPrefix(string(out), "/srv/data/new true true\n") {
		t.Errorf("the last one: %q, %v", out, err)
	}
}

// Nothing of an earlier rsync, which is two processes once it receives, writes
// any more when the next one begins; one that only tells ends none.
func TestTheNewestRsyncIsTheOnlyOne(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	earlier := p.open(l, realRsync)
	p.holder(RsyncRequest, 0)
	from := t.TempDir()
	write(t, from+"/srv/data/a", "x", 0o644)
	_, err := rsync(t, l, "-aRni", "--no-implied-dirs", from+"/./srv/data")
	must(t, err)
	must(t, earlier.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	if _, err := io.ReadAll(earlier); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("one that only tells ends another: %v", err)
	}
	out, err := rsync(t, l, "-aRi", "--no-implied-dirs", from+"/./srv/data")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	must(t, earlier.SetReadDeadline(time.Now().Add(time.Minute)))
	if _, err := io.ReadAll(earlier); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the earlier one: %v", err)
	}
}

// A process that only bears the number of a holder is nobody's.
func TestOnlyWhoHoldsTheLockIsEnded(t *testing.T) {
	p := newPairing(t)
	stranger := exec.Command("sleep", "60")
	must(t, stranger.Start())
	defer func() { _, _ = stranger.Process.Kill(), stranger.Wait() }()
	write(t, p.slave+"/run/hotpair/peer-files.lock", `{"pid":`+itoa(stranger.Process.Pid)+`}`, 0o600)
	c := p.open(p.dial(), FilesRequest)
	must(t, c.(*conn).CloseWrite())
	_, err := io.ReadAll(c)
	must(t, err)
	if err := stranger.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("it was ended: %v", err)
	}
}

// open opens a request with a deadline.
func (p *pairing) open(l *Link, request string) net.Conn {
	p.t.Helper()
	c, err := l.Open(p.t.Context(), request)
	must(p.t, err)
	p.t.Cleanup(func() { c.Close() })
	must(p.t, c.SetDeadline(time.Now().Add(time.Minute)))
	return c
}

// holder waits for another process than the one before to be at a kind of
// request on the slave.
func (p *pairing) holder(kind string, before int) int {
	p.t.Helper()
	h, err := host.Open(p.slave)
	must(p.t, err)
	defer h.Close()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		holder, err := h.Held(socketDir + "/peer-" + kind + ".lock")
		must(p.t, err)
		if holder != nil && holder.PID > 0 && holder.PID != before {
			return holder.PID
		}
	}
	p.t.Fatal("nobody is at it")
	return 0
}
