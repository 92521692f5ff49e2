package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// notAsked tells whether an error is this node's own: no socket to be had, not
// permitted by the local firewall, no such address here, nobody who knows the
// name. A network that does not lead to the target is not among them.
func notAsked(err error) bool {
	if _, name := errors.AsType[*net.DNSError](err); name {
		return true
	}
	for _, own := range []error{
		ErrNotAsked, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.EPERM, syscall.EACCES, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT,
	} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}

// mostReason is how much of what others say is told, in bytes.
const mostReason = 200

// Explain says in plain words what a question ended with.
func Explain(err error, timeout time.Duration) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Sprintf("no answer within %g s", timeout.Seconds())
	}
	for _, e := range []struct {
		is   error
		says string
	}{
		{syscall.ECONNREFUSED, "it refuses: nothing listens at this port"},
		{syscall.ECONNRESET, "it broke the connection"},
		{syscall.EPIPE, "it broke the connection"},
		{io.EOF, "it closed the connection without an answer"},
		{io.ErrUnexpectedEOF, "it closed the connection in the middle of an answer"},
		{syscall.EHOSTUNREACH, "the host is not reached: nobody has its address, or a router says so"},
		{syscall.ENETUNREACH, "this node has no route to it"},
		{syscall.ENETDOWN, "this node's network interface is down"},
		{syscall.EADDRNOTAVAIL, "this node does not have the address to ask from"},
	} {
		if errors.Is(err, e.is) {
			return e.says
		}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	text := err.Error()
	return host.Printable(text[:min(len(text), mostReason)])
}
