package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

// Steady takes out of an error of a connection what differs from one try to the
// next, such as this side's port, so that the same failure reads the same.
func Steady(err error) error {
	var resolving *net.DNSError
	var operation *net.OpError
	switch {
	case errors.As(err, &resolving) && resolving.IsNotFound:
		return fmt.Errorf("looking up %s: no such host", resolving.Name)
	case errors.As(err, &resolving):
		return fmt.Errorf("looking up %s: no name server answers", resolving.Name)
	case errors.As(err, &operation) && operation.Err != nil:
		return operation.Err
	}
	return err
}

// DialUnix connects to a unix socket of the node. A server with peer
// authentication looks at the caller's effective user, so root connects as the
// user of the given name where the system has one.
func (h *Host) DialUnix(ctx context.Context, address, name string) (net.Conn, error) {
	dial := func() (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", h.Host(address))
	}
	u, err := user.Lookup(name)
	if err != nil || os.Geteuid() != 0 {
		return dial()
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, fmt.Errorf("reading the user id of %s: %w", name, err)
	}
	return as(uid, dial)
}

// as calls a function with another effective user id on this thread alone. A
// thread whose own id cannot be restored is never used again: it stays locked
// to a goroutine that ends.
func as(uid int, dial func() (net.Conn, error)) (conn net.Conn, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if err = setEffectiveUser(uid); err != nil {
			return
		}
		conn, err = dial()
		if restore := setEffectiveUser(0); restore != nil {
			err = errors.Join(err, restore)
			return
		}
		runtime.UnlockOSThread()
	}()
	<-done
	return conn, err
}

func setEffectiveUser(uid int) error {
	const unchanged = ^uintptr(0)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, unchanged, uintptr(uid), unchanged); errno != 0 {
		return fmt.Errorf("becoming user %d: %w", uid, errno)
	}
	return nil
}
