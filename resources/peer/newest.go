package peer

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
)

const (
	newestLock = socketDir + "/peer-writes.lock"
	giveWay    = 10 * time.Second // that an earlier request has to end
	look       = 100 * time.Millisecond
)

var (
	errNewer   = errors.New("a newer request of the master goes on")
	errEnding  = errors.New("an earlier request of the master does not end: see what `hotpair peer` waits for on this node")
	errStopped = errors.New("a newer request of the master came, or somebody ended this one")
)

// newest has this request be the only one that writes files: what an earlier one is
// still at ends. sshd notices only after minutes that a connection was cut, and
// what it had received by then must not come after what the next one brings.
func (n Node) newest(ctx context.Context) (*disk.Lock, error) {
	us := disk.Holder{PID: os.Getpid(), Command: "hotpair peer", Since: time.Now()}
	earlier := 0
	for deadline := time.Now().Add(giveWay); ; {
		lock, err := n.Host.Lock(ctx, newestLock, us, look)
		var busy *disk.Busy
		if !errors.As(err, &busy) {
			return lock, err
		}
		switch holder := busy.Holder.PID; {
		case time.Now().After(deadline):
			return nil, errEnding
		case earlier == 0 && holder > 0:
			earlier = holder
			if err := n.end(holder); err != nil {
				return nil, err
			}
		case holder > 0 && holder != earlier:
			return nil, errNewer
		}
	}
}

// end ends the process that holds the lock. Who holds it is looked at again once
// the process is known, so that nobody else is met who got its number meanwhile
// (pidfd_open(2)).
func (n Node) end(pid int) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	defer process.Release()
	now, err := n.Host.Held(newestLock)
	if err != nil || now == nil || now.PID != pid {
		return err
	}
	if err := process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// group is a program with all that it started in turn, such as rsync, which is two
// processes once it receives.
type group int

// kill is for exec.Cmd.Cancel.
func (g group) kill() error {
	if err := syscall.Kill(-int(g), syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return os.ErrProcessDone
}

// gone waits for the end of all of it.
func (g group) gone() {
	for deadline := time.Now().Add(giveWay / 2); time.Now().Before(deadline); time.Sleep(look / 10) {
		if err := syscall.Kill(-int(g), 0); errors.Is(err, syscall.ESRCH) {
			return
		}
	}
}
