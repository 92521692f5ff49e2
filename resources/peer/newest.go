package peer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
)

const (
	giveWay      = 10 * time.Second // that an earlier request has to end
	giveWayAgain = time.Second      // after which it is told once more
)

// newest has this request be the only one of its kind: what an earlier one is
// still at ends. sshd notices only after minutes that a connection was cut, and
// what it had received by then must not come after what the next one brings.
func (n Node) newest(ctx context.Context, kind string) (*disk.Lock, error) {
	name := socketDir + "/peer-" + kind + ".lock"
	us := disk.Holder{PID: os.Getpid(), Command: "hotpair peer", Since: time.Now()}
	lock, err := n.Host.Lock(ctx, name, us, 0)
	for deadline := time.Now().Add(giveWay); err != nil && time.Now().Before(deadline); {
		var busy *disk.Busy
		if !errors.As(err, &busy) {
			return nil, err
		}
		if err := n.end(name, busy.Holder); err != nil {
			return nil, err
		}
		lock, err = n.Host.Lock(ctx, name, us, giveWayAgain)
	}
	if err != nil {
		return nil, fmt.Errorf("an earlier request of the master does not end: %w", err)
	}
	return lock, nil
}

// end ends who holds a lock. It is looked at again once its process is known, so
// that nobody else is met who got its number meanwhile (pidfd_open(2)).
func (n Node) end(lock string, holder disk.Holder) error {
	process, err := os.FindProcess(holder.PID)
	if err != nil {
		return err
	}
	defer process.Release()
	now, err := n.Host.Held(lock)
	if err != nil || now == nil || now.PID != holder.PID || holder.PID <= 1 {
		return err
	}
	if err := process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("ending an earlier request of the master: %w", err)
	}
	return nil
}
