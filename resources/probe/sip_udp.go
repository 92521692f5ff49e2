package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/sip"
)

// SIPUDP asks a SIP server by OPTIONS over UDP. Any final answer proves it alive,
// 503 Busy. A request that is not answered is sent again until the time is up
// (RFC 3261 §17.1.2.2, Timer E).
type SIPUDP struct{ Target }

// The times of RFC 3261 §17.1.2.2.
const (
	timerT1 = 500 * time.Millisecond
	timerT2 = 4 * time.Second
)

func (p SIPUDP) sipServer() netip.Addr { return p.To.Addr().Unmap() }

// Ask asks from a port of its own each time. The kernel drops what comes from
// elsewhere.
func (p SIPUDP) Ask(ctx context.Context) (failover.Answer, error) {
	c, err := p.dial(ctx, "udp")
	if err != nil {
		return failover.Silent, err
	}
	defer c.Close()
	defer until(ctx, c)()
	u := &transaction{Conn: c, inquiry: newInquiry("UDP"), buffer: make([]byte, sip.Most+1)}
	u.request = u.text(c)
	for wait := timerT1; ; wait = min(2*wait, timerT2) {
		u.send()
		answer, err := u.listen(ctx, wait)
		if answer != failover.Unknown {
			return answer, err
		}
		if ctx.Err() != nil {
			return failover.Silent, u.why(ctx)
		}
	}
}

// A transaction is one request and what comes back (RFC 3261 §17.1.2).
type transaction struct {
	net.Conn
	inquiry
	request, buffer []byte
	heard           error // what came and was no answer
}

// send sends the request. One that does not leave counts as one that was lost.
func (u *transaction) send() {
	if _, err := u.Write(u.request); err != nil {
		u.heard = err
	}
}

// listen waits for a final answer: Unknown when none came.
func (u *transaction) listen(ctx context.Context, wait time.Duration) (failover.Answer, error) {
	if err := u.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return failover.Silent, err
	}
	for ctx.Err() == nil {
		n, err := u.Read(u.buffer)
		switch {
		case err == nil:
			if answer, err := u.read(u.buffer[:n]); answer == failover.Alive || answer == failover.Busy {
				return answer, err
			}
		case errors.Is(err, os.ErrDeadlineExceeded):
			return failover.Unknown, nil
		case icmpError(err):
			u.heard = err
		default:
			return failover.Silent, err
		}
	}
	return failover.Unknown, nil
}

// icmpError tells whether an error is what an ICMP message said, which anybody
// could have sent.
func icmpError(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH)
}

// read judges a packet, and remembers what is wrong with it.
func (u *transaction) read(packet []byte) (failover.Answer, error) {
	r, err := sip.Parse(packet)
	if err != nil {
		u.heard = fmt.Errorf("no answer, but a bad message: %w", err)
		return failover.Unknown, nil
	}
	answer, err := u.judge(r)
	if answer == failover.Unknown {
		u.heard = fmt.Errorf("no final answer: %d is the last that it says", r.Status)
	}
	return answer, err
}

// why is the reason when the time is up.
func (u *transaction) why(ctx context.Context) error {
	if u.heard != nil {
		return u.heard
	}
	return ctx.Err()
}
