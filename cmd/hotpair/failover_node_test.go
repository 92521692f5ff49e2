package main

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/netns"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
)

// lanNode is one node of the pair.
type lanNode struct {
	box
	host      *host.Host
	net       *netns.Node
	telephony *telephony
	prelude   string
	boots     func() // starts what runs on it besides
	daemon    *exec.Cmd
	log       *lockedBuffer
}

func (n *lanNode) sip() netip.AddrPort { return netip.AddrPortFrom(n.net.V4, 5060) }

// run runs the program on the node.
func (n *lanNode) run(args ...string) string {
	n.t.Helper()
	out, err := n.net.Command(binary(n.t), append([]string{"--root", n.dir}, args...)...).CombinedOutput()
	if err != nil {
		n.t.Fatalf("hotpair %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// watch starts the daemon; its log goes on.
func (n *lanNode) watch() {
	n.t.Helper()
	if n.log == nil {
		n.log = &lockedBuffer{}
		n.t.Cleanup(func() {
			if n.t.Failed() || testing.Verbose() {
				n.t.Logf("the daemon of %s:\n%s", filepath.Base(n.dir), n.log)
			}
		})
	}
	cmd := n.net.Command("sh", "-c", n.prelude+`exec "$0" "$@"`, binary(n.t), "--root", n.dir, "watch")
	cmd.Stderr, n.daemon = n.log, cmd
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // or the end of a shell would wake it (setpgid(2), orphaned groups)
	n.must(cmd.Start())
	n.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// ends ends the daemon by a signal.
func (n *lanNode) ends(signal os.Signal) {
	n.t.Helper()
	n.must(n.daemon.Process.Signal(signal))
	_ = n.daemon.Wait() // a signal ended it
}

// freeze stops the daemon for a time, as a virtual machine that is paused.
func (n *lanNode) freeze(d time.Duration) {
	n.t.Helper()
	n.must(n.daemon.Process.Signal(syscall.SIGSTOP))
	time.Sleep(d)
	n.must(n.daemon.Process.Signal(syscall.SIGCONT))
}

// powerOff ends everything on the node, and its link, at once.
func (n *lanNode) powerOff() {
	n.t.Helper()
	n.telephony.off(func() { n.must(n.net.PowerOff()) })
	_ = n.daemon.Wait() // it was killed
}

// powerOn has the node come back: what was in memory is gone, and the services
// start unless they are disabled.
func (n *lanNode) powerOn() {
	n.t.Helper()
	n.plugIn(0)
	if n.get(passive) == absent {
		n.telephony.start()
	}
	n.watch()
}

// plugIn has the host come back, and nothing on it yet; its SIP server will answer
// with the status.
func (n *lanNode) plugIn(status int) {
	n.t.Helper()
	n.must(os.RemoveAll(n.dir + "/run/hotpair"))
	n.must(n.net.Plug())
	n.boots()
	n.telephony.on(status)
}

// stands is how the node's daemon says that it stands.
func (n *lanNode) stands() takeover.Standing {
	n.t.Helper()
	s, _ := takeover.Stands(n.host)
	return s
}

// within insists that something becomes so, in tenfold of the time that it may
// take, and tells when it was.
func (l *lan) within(expected time.Duration, what string, is func() bool) time.Duration {
	l.Helper()
	began := time.Now()
	for ; !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 10*expected {
			l.Fatalf("not within %s: %s\nmaster: %+v\nstandby: %+v", 10*expected, what, l.master.stands(), l.standby.stands())
		}
	}
	return time.Since(began)
}

// stays insists that something is so for a time.
func (l *lan) stays(d time.Duration, what string, is func() bool) {
	l.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if !is() {
			l.Fatalf("not so: %s\nmaster: %+v\nstandby: %+v", what, l.master.stands(), l.standby.stands())
		}
	}
}

// called insists on the calls of the platform's script, on the standby and on the
// master.
func (l *lan) called(standby, master string) {
	l.Helper()
	if !l.told(standby, master) {
		l.Errorf("the standby's script was called %q, the master's %q; wanted %q and %q", l.standby.managed(), l.master.managed(), standby, master)
	}
}

func (l *lan) told(standby, master string) bool {
	l.Helper()
	return l.standby.managed() == standby && l.master.managed() == master
}
