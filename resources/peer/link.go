package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
)

const (
	dialLimit  = 30 * time.Second // one that accepts and then says nothing is given up
	checkLimit = 5 * time.Second
	lineLimit  = 64 << 10 // bytes of an answer of one line
	factsLimit = 1 << 20  // bytes
)

// Link is a connection to the peer that is kept. It may be used by several
// goroutines.
type Link struct {
	target Target
	socket string
	master *master // nil: another hotpair's
}

// Dial connects to the peer, or uses the connection that another hotpair of
// this node keeps to the same target. What is wrong is told apart: no key, not
// admitted, another host key, nobody there.
func Dial(ctx context.Context, t Target) (*Link, error) {
	l, err := dial(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("connecting to the peer %s: %w", t.Address, err)
	}
	return l, nil
}

func dial(ctx context.Context, t Target) (*Link, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := t.hasKey(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	lock, err := t.Host.Lock(ctx, dialLock, disk.Holder{PID: os.Getpid(), Command: "hotpair", Since: time.Now()}, dialLimit)
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	if err := t.pin(); err != nil {
		return nil, err
	}
	l := &Link{target: t, socket: t.socket()}
	if l.Alive(ctx) {
		return l, nil
	}
	if err := os.Remove(l.socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l.master, err = startMaster(ctx, l.socket, append(t.own(), "-M", "-N", "-S", l.socket, t.destination()))
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Alive tells whether the connection is kept. A peer that vanished is noticed
// within 15 s.
func (l *Link) Alive(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	m, err := dialMux(ctx, l.socket)
	if err != nil {
		return false
	}
	m.Close()
	return true
}

// Command is ssh with its arguments up to the host, for rsync's -e. No word of
// it holds a space.
func (l *Link) Command() []string {
	return append([]string{sshProgram}, append(l.target.own(), "-S", l.socket)...)
}

// Host is the peer as rsync names it: root@ADDRESS, an IPv6 address in brackets.
func (l *Link) Host() string { return l.target.host() }

// Close ends the connection, unless another hotpair keeps it.
func (l *Link) Close() error {
	if l.master != nil {
		l.master.close()
	}
	return nil
}

// State asks the peer how it stands.
func (l *Link) State(ctx context.Context) (State, error) {
	s, err := l.state(ctx)
	if err != nil {
		return State{}, l.asking("its state", err)
	}
	return s, nil
}

func (l *Link) state(ctx context.Context) (State, error) {
	text, err := l.told(ctx, StateRequest, lineLimit)
	if err != nil {
		return State{}, err
	}
	return readState(text)
}

// Facts asks the peer what it finds out about itself: JSON of at most 1 MiB,
// which is hostile.
func (l *Link) Facts(ctx context.Context) ([]byte, error) {
	text, err := l.told(ctx, FactsRequest, factsLimit)
	if err != nil {
		return nil, l.asking("what it finds out about itself", err)
	}
	return text, nil
}

// told is the whole answer to a request that takes no input.
func (l *Link) told(ctx context.Context, request string, most int64) ([]byte, error) {
	c, err := l.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer closeWith(ctx, c)()
	text, err := io.ReadAll(io.LimitReader(c, most))
	return text, cause(ctx, err)
}

// Database opens a connection to the peer's PostgreSQL, as its superuser over
// its unix socket. The peer's state comes with it, also with an error where the
// peer refuses because of it.
func (l *Link) Database(ctx context.Context) (net.Conn, State, error) {
	c, err := l.Open(ctx, "database")
	if err != nil {
		return nil, State{}, l.asking("its database", err)
	}
	defer closeWith(ctx, c)()
	line, err := readLine(c)
	var s State
	if err == nil {
		s, err = readState(line)
	}
	if err == nil {
		line, err = readLine(c)
	}
	if err == nil && string(line) != ready {
		err = errStranger
	}
	if err != nil {
		c.Close()
		return nil, s, l.asking("its database", cause(ctx, err))
	}
	return c, s, nil
}

func (l *Link) asking(what string, err error) error {
	return fmt.Errorf("asking the peer %s for %s: %w", l.target.Address, what, err)
}

// closeWith closes c when ctx ends, until the function that it gives is called.
func closeWith(ctx context.Context, c io.Closer) func() bool {
	return context.AfterFunc(ctx, func() { c.Close() })
}

// cause is why a connection ended: the context's end comes first.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// readLine reads a line and not a byte more: what follows is somebody else's.
func readLine(r io.Reader) ([]byte, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < lineLimit; {
		if _, err := io.ReadFull(r, one); err != nil {
			return nil, err
		}
		if one[0] == '\n' {
			return line, nil
		}
		line = append(line, one[0])
	}
	return nil, errStranger
}
