package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// A Target is where questions go, and the address of this node that they come
// from; the zero address leaves that to the kernel.
type Target struct {
	To   netip.AddrPort
	From netip.Addr
}

func (t Target) check() error {
	if t.To.Port() == 0 {
		return errors.New("it needs a port")
	}
	return checkAddresses(t.To.Addr(), t.From)
}

func checkAddresses(to, from netip.Addr) error {
	switch {
	case !to.IsValid() || to.IsUnspecified() || to.IsMulticast():
		return errors.New("it needs the IP address of one host")
	case from.IsValid() && from.Unmap().Is4() != to.Unmap().Is4():
		return fmt.Errorf("from %s nobody can ask %s: one is IPv4, the other IPv6", from, to)
	}
	return nil
}

// dial connects by "tcp" or "udp".
func (t Target) dial(ctx context.Context, network string) (net.Conn, error) {
	return dialer(network, t.From).DialContext(ctx, network, t.To.String())
}

// dialer connects from an address. The kernel's keep-alive is off: the questions
// are often enough, and prove more.
func dialer(network string, from netip.Addr) *net.Dialer {
	d := &net.Dialer{KeepAlive: -1}
	local := netip.AddrPortFrom(from, 0)
	switch {
	case !from.IsValid():
	case network == "udp":
		d.LocalAddr = net.UDPAddrFromAddrPort(local)
	default:
		d.LocalAddr = net.TCPAddrFromAddrPort(local)
	}
	return d
}

// until makes what waits at a connection end with the context, as a timeout;
// the function that it returns lets go of it.
func until(ctx context.Context, c interface{ SetDeadline(time.Time) error }) (release func() bool) {
	return context.AfterFunc(ctx, func() {
		_ = c.SetDeadline(time.Unix(1, 0)) // a closed connection needs none
	})
}
