// Package nspawn boots a Debian with a real systemd in a container, for what a
// stub of systemctl cannot show: a package, a unit, its sandbox.
//
// What it stands on, seen with systemd 252 on a kernel with either hierarchy of
// control groups:
//
//   - systemd-nspawn --boot works also where the machine's own first process is
//     not systemd: with --register=no and --keep-unit it asks nobody for a unit.
//   - --volatile=overlay leaves the root as it is: what the container writes is
//     gone with it.
//   - With --console=pipe and no terminal nothing of the boot is printed; the
//     journal has it.
//   - nsenter(1) runs a command inside as the leader's child would be, with the
//     container's files, processes and network. machinectl would need a
//     systemd-machined outside.
package nspawn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

const (
	bootLimit = 90 * time.Second
	haltLimit = 60 * time.Second
	lookAgain = 50 * time.Millisecond
)

// Available tells why no container can be booted here; nil: one can.
func Available() error {
	if os.Geteuid() != 0 {
		return errors.New("root is needed, who boots containers")
	}
	for _, program := range []string{"systemd-nspawn", "mmdebstrap", "nsenter"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is needed: apt-get install systemd-container mmdebstrap util-linux", program)
		}
	}
	return nil
}

// Options are what a machine is made of.
type Options struct {
	Root      string // from Root
	Namespace string // the name of its network, as `ip netns` has it
	Shared    string // a directory of this machine that it sees as /srv, read-only
}

// Machine is a running container. One runs at a time: they would share a control
// group.
type Machine struct {
	leader string
	nspawn *exec.Cmd
	said   bytes.Buffer
	ended  chan struct{}
	turn   *os.File
}

// Boot boots a machine and waits until its systemd has started everything. It
// must be closed.
func Boot(ctx context.Context, o Options) (*Machine, error) {
	m := &Machine{ended: make(chan struct{})}
	var err error
	if m.turn, err = turn(filepath.Dir(o.Root)); err != nil {
		return nil, err
	}
	args := []string{"--quiet", "--directory=" + o.Root, "--volatile=overlay", "--boot", "--console=pipe", "--hostname=node",
		"--network-namespace-path=/run/netns/" + o.Namespace, "--bind-ro=" + o.Shared + ":/srv", "--register=no"}
	if _, err := os.Stat("/run/systemd/system"); err != nil {
		args = append(args, "--keep-unit")
	}
	m.nspawn = exec.Command("systemd-nspawn", args...)
	m.nspawn.Stdout, m.nspawn.Stderr, m.nspawn.WaitDelay = &m.said, &m.said, time.Second
	m.nspawn.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := m.start(); err != nil {
		return nil, errors.Join(err, m.turn.Close())
	}
	if err := m.await(ctx); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// turn waits until no other machine runs.
func turn(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "machine.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return f, syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
}

// start starts the container from a thread that lasts as long as it does: the
// kernel ends it with that thread.
func (m *Machine) start() error {
	started := make(chan error)
	go func() {
		defer close(m.ended)
		runtime.LockOSThread()
		err := m.nspawn.Start()
		started <- err
		if err == nil {
			_ = m.nspawn.Wait() // what it said is the error
		}
	}()
	return <-started
}

// await waits for the container's first process, and for its systemd.
func (m *Machine) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bootLimit)
	defer cancel()
	for {
		if children := process.Children(m.nspawn.Process.Pid); len(children) > 0 {
			m.leader = strconv.Itoa(children[0])
			out, _ := m.Command(ctx, "systemctl", "is-system-running", "--wait").CombinedOutput()
			if state := strings.TrimSpace(string(out)); state == "running" || state == "degraded" {
				return nil
			}
		}
		select {
		case <-m.ended:
			return fmt.Errorf("systemd-nspawn ended: %s", m.said.String())
		case <-ctx.Done():
			return fmt.Errorf("no systemd within %s: %s", bootLimit, m.said.String())
		case <-time.After(lookAgain):
		}
	}
}

// Command is a command that runs in the machine, as root.
func (m *Machine) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "nsenter", append([]string{"--target", m.leader, "--all", "--wd", "--", name}, args...)...)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "NO_COLOR=1", "DEBIAN_FRONTEND=noninteractive"}
	return cmd
}

// Close halts the machine.
func (m *Machine) Close() error {
	defer m.turn.Close()
	err := m.nspawn.Process.Signal(syscall.SIGTERM)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	select {
	case <-m.ended:
	case <-time.After(haltLimit):
		err = errors.Join(err, errors.New("the machine did not halt"), m.nspawn.Process.Kill())
		<-m.ended
	}
	return err
}
