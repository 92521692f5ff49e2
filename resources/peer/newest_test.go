package peer

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/host"
)

// A session whose connection was cut would go on beside the next one.
func TestTheNewestSessionOfFilesIsTheOnlyOne(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	last, holder := p.open(l, FilesRequest), p.holder(0)
	for range 3 {
		earlier := last
		last, holder = p.open(l, FilesRequest), p.holder(holder)
		if out, err := io.ReadAll(earlier); err == nil || !strings.Contains(err.Error(), "the peer refuses: a newer request of the master came") || len(out) > 0 {
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

// Nothing of an rsync that receives, which is two processes, is left when the next
// request writes; one that only tells ends none.
func TestNothingOfAnEarlierRsyncIsLeft(t *testing.T) {
	p := newPairing(t)
	l := p.dial()
	from := t.TempDir()
	write(t, from+"/srv/data/large", strings.Repeat("large", 20<<20), 0o644)
	client := exec.Command(rsyncProgram, "-e", strings.Join(l.Command(), " "), "-aRW", "--no-implied-dirs", from+"/./srv/data", l.Host()+":/")
	must(t, client.Start())
	defer func() { _, _ = client.Process.Kill(), client.Wait() }()
	p.until("rsync receives", func() bool {
		half, _ := filepath.Glob(p.slave + "/srv/data/.large.*")
		return len(half) > 0
	})
	must(t, client.Process.Signal(syscall.SIGSTOP))
	server := p.child(p.holder(0))
	if n := members(t, server); n != 2 {
		t.Fatalf("%d processes receive", n)
	}
	out, err := rsync(t, l, "-aRni", "--no-implied-dirs", from+"/./srv/data")
	if err != nil || members(t, server) != 2 {
		t.Errorf("one that only tells: %v: %s", err, out)
	}
	c := p.open(l, FilesRequest)
	must(t, c.(*conn).CloseWrite())
	if out, err := io.ReadAll(c); err != nil || !strings.Contains(string(out), "directories") {
		t.Errorf("the next one: %q, %v", out, err)
	}
	if n := members(t, server); n != 0 {
		t.Errorf("%d processes are left", n)
	}
}

// Whoever comes while a newer request is at it is older than that.
func TestARequestGivesWayToANewerOne(t *testing.T) {
	p := newPairing(t)
	h, err := host.Open(p.slave)
	must(t, err)
	defer h.Close()
	holders := [2]*os.Process{sleeper(t), sleeper(t)}
	lock, err := h.Lock(t.Context(), newestLock, disk.Holder{PID: holders[0].Pid}, 0)
	must(t, err)
	defer lock.Release()
	c := p.open(p.dial(), FilesRequest)
	_, err = holders[0].Wait()
	must(t, err)
	write(t, p.slave+newestLock, `{"pid":`+itoa(holders[1].Pid)+`}`, 0o600) // as if that one had got it
	if _, err := io.ReadAll(c); err == nil || !strings.Contains(err.Error(), "a newer request of the master goes on") {
		t.Errorf("got %v", err)
	}
	if err := holders[1].Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the newer one was ended: %v", err)
	}
}

// A process that only bears the number of a holder is nobody's.
func TestOnlyWhoHoldsTheLockIsEnded(t *testing.T) {
	p := newPairing(t)
	h, err := host.Open(p.slave)
	must(t, err)
	defer h.Close()
	stranger := sleeper(t)
	pid := stranger.Pid
	n := Node{Host: h}
	write(t, p.slave+newestLock, `{"pid":`+itoa(pid)+`}`, 0o600)
	must(t, n.end(pid)) // nobody holds it
	lock, err := h.Lock(t.Context(), newestLock, disk.Holder{PID: os.Getpid()}, 0)
	must(t, err)
	must(t, n.end(pid)) // somebody else does
	must(t, lock.Release())
	if err := stranger.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("it was ended: %v", err)
	}
	lock, err = h.Lock(t.Context(), newestLock, disk.Holder{PID: pid}, 0)
	must(t, err)
	defer lock.Release()
	must(t, n.end(pid))
	if _, err := stranger.Wait(); err != nil {
		t.Errorf("the holder is not ended: %v", err)
	}
}

// sleeper is a process that does nothing.
func sleeper(t *testing.T) *os.Process {
	t.Helper()
	cmd := exec.Command("sleep", "60")
	must(t, cmd.Start())
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	return cmd.Process
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

func (p *pairing) until(what string, is func() bool) {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			p.t.Fatalf("not so: %s", what)
		}
	}
}

// holder waits for another process than the one before to write on the slave.
func (p *pairing) holder(before int) (pid int) {
	p.t.Helper()
	h, err := host.Open(p.slave)
	must(p.t, err)
	defer h.Close()
	p.until("somebody else writes", func() bool {
		holder, err := h.Held(newestLock)
		if err == nil && holder != nil {
			pid = holder.PID
		}
		return pid > 0 && pid != before
	})
	return pid
}

// child is the process that another one started.
func (p *pairing) child(of int) (pid int) {
	p.t.Helper()
	p.until("it has a child", func() bool {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", of))
		for _, task := range tasks {
			text, _ := os.ReadFile(task)
			pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
			if pid > 0 {
				return true
			}
		}
		return false
	})
	return pid
}

// members counts the processes of a group that have not ended.
func members(t *testing.T, group int) (n int) {
	t.Helper()
	out, err := exec.Command("ps", "-eo", "pgid=,stat=").Output()
	must(t, err)
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) == 2 && words[0] == itoa(group) && words[1][0] != 'Z' {
			n++
		}
	}
	return n
}
