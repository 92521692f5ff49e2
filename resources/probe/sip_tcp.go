package probe

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/sip"
)

// SIPTCP asks a SIP server by OPTIONS over TCP. It keeps the connection of an
// answered question for the next; that it stands proves nothing, the answer
// does. It is not for several goroutines at once.
type SIPTCP struct {
	Target
	kept   net.Conn // nil: none
	stream *bufio.Reader
}

func (p *SIPTCP) sipServer() netip.Addr { return p.To.Addr().Unmap() }

// Ask sends one request, over a new connection unless the one that is kept is
// still open. A server that was just restarted may close that only now: then it
// is asked over a new one.
func (p *SIPTCP) Ask(ctx context.Context) (failover.Answer, error) {
	if p.kept != nil && !quiet(p.kept) {
		_ = p.Close() // the other end did
	}
	reused := p.kept != nil
	answer, err := p.once(ctx)
	if reused && hungUp(err) && ctx.Err() == nil {
		return p.once(ctx)
	}
	return answer, err
}

func (p *SIPTCP) once(ctx context.Context) (failover.Answer, error) {
	if p.kept == nil {
		c, err := p.dial(ctx, "tcp")
		if err != nil {
			return failover.Silent, err
		}
		p.kept, p.stream = c, bufio.NewReader(c)
	}
	release := until(ctx, p.kept)
	answer, err := p.exchange()
	if !release() || answer == failover.Silent {
		_ = p.Close() // an answer to an old question could still come
	}
	return answer, err
}

// hungUp tells whether the other end closed the connection.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// exchange sends a request and reads until its final answer.
func (p *SIPTCP) exchange() (failover.Answer, error) {
	q := newInquiry("TCP")
	if _, err := p.kept.Write(q.text(p.kept)); err != nil {
		return failover.Silent, err
	}
	for {
		r, err := sip.Read(p.stream)
		var network net.Error
		switch {
		case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return failover.Silent, err
		case err != nil:
			return failover.Silent, fmt.Errorf("no answer, but a bad message: %w", err)
		}
		answer, err := q.judge(r)
		if answer == failover.Alive || answer == failover.Busy {
			return answer, err
		}
	}
}

// Close drops the connection that is kept.
func (p *SIPTCP) Close() error {
	if p.kept == nil {
		return nil
	}
	err := p.kept.Close()
	p.kept, p.stream = nil, nil
	return err
}

// quiet tells whether a connection is open and nothing has come over it
// unasked. It reads one byte without waiting (recv(2), MSG_PEEK).
func quiet(c net.Conn) bool {
	s, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return false
	}
	var peek error
	err = raw.Read(func(fd uintptr) bool {
		_, _, peek = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		return true
	})
	return err == nil && errors.Is(peek, syscall.EAGAIN)
}
