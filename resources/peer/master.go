package peer

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

const (
	closeLimit = 2 * time.Second
	termLimit  = 200 * time.Millisecond
	lookAgain  = 5 * time.Millisecond
)

// master is the ssh that holds the connection.
type master struct {
	cmd  *exec.Cmd
	said host.Said
	done chan struct{} // closed when it has ended
}

// startMaster starts ssh and waits until its socket is there.
func startMaster(ctx context.Context, socket string, args []string) (*master, error) {
	m := &master{cmd: exec.Command(sshProgram, args...), done: make(chan struct{})}
	m.cmd.Env, m.cmd.Stderr, m.cmd.WaitDelay = environment(), &m.said, closeLimit
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go func() {
		defer close(m.done)
		// The kernel ends ssh with the thread that started it: this one, which
		// belongs to this goroutine, lasts as long as ssh does.
		runtime.LockOSThread()
		err := m.cmd.Start()
		started <- err
		if err == nil {
			_ = m.cmd.Wait() // what it said is the error
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	if err := m.await(ctx, socket); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// await waits for the socket, which ssh makes once it is logged in.
func (m *master) await(ctx context.Context, socket string) error {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		if _, err := os.Lstat(socket); err == nil {
			return nil
		}
		select {
		case <-m.done:
			return explain(m.said.Lines())
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return errSilent
			}
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// close ends ssh, if need be by force: a signal that comes just before it waits
// is seen only at its next ServerAliveInterval.
func (m *master) close() {
	_ = syscall.Kill(-m.cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-m.done:
	case <-time.After(termLimit):
		_ = syscall.Kill(-m.cmd.Process.Pid, syscall.SIGKILL)
		<-m.done
	}
}

// environment is that of ssh and of what the peer's end runs: no agent, no
// setting of rsync's, no locale.
func environment() []string {
	return []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/"}
}
