package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// A Session is a channel to Serve on the peer that is kept open. One Send is
// served at a time.
type Session struct {
	options Options
	exclude patterns
	mu      sync.Mutex
	conn    net.Conn
	wire    *wire
	idle    *time.Timer
	owners  *owners
	broken  error
}

// Session opens a session. Its error wraps ErrBroken where the link is at
// fault.
func (o Options) Session(ctx context.Context) (*Session, error) {
	exclude, err := newPatterns(o.Exclude)
	if err == nil {
		err = checkDirectories(o.Directories)
	}
	if err != nil {
		return nil, err
	}
	conn, err := o.Open(ctx, "files")
	if err != nil {
		return nil, err
	}
	s := &Session{options: o, exclude: exclude, conn: conn, owners: newOwners()}
	s.idle = time.AfterFunc(silence, func() { _ = conn.Close() }) // ends what waits for the peer
	s.wire = newWire(prodded{conn, s.idle}, prodded{conn, s.idle})
	defer s.idle.Stop()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := s.greet(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Session) greet() error {
	hello := greeting{Version: version, Exclude: s.options.Exclude, MaxDelete: s.options.MaxDelete}
	if err := errors.Join(s.wire.writeJSON(hello), s.wire.w.Flush()); err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	var answer greeting
	if _, err := s.wire.readJSON(&answer); err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if answer.Error != "" {
		return fmt.Errorf("the peer refuses: %s", printable(answer.Error))
	}
	if answer.Version != version {
		return fmt.Errorf("the peer speaks version %d of the protocol, this node %d: install the same hotpair on both", answer.Version, version)
	}
	return nil
}

// Close ends the session.
func (s *Session) Close() error {
	s.idle.Stop()
	err := s.conn.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// prodded is a connection that is closed when it stands still too long.
type prodded struct {
	net.Conn
	idle *time.Timer
}

func (p prodded) Read(b []byte) (int, error)  { return p.do(p.Conn.Read, b) }
func (p prodded) Write(b []byte) (int, error) { return p.do(p.Conn.Write, b) }

func (p prodded) do(act func([]byte) (int, error), b []byte) (int, error) {
	p.idle.Reset(silence)
	return act(b)
}

var _ io.ReadWriter = prodded{}
