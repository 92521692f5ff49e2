package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// conn is one request's connection: a socket whose other end ssh has.
type conn struct {
	net.Conn // its own way of copying would not tell why
	said     host.Said
	end      func()        // ends the request before its time
	done     chan struct{} // closed when the request has ended with err
	err      error
	close    sync.Once
}

// Open makes a request of the peer. What it gives is a socket: it has deadlines
// and can be closed for writing alone. When ssh or the request fails, reading
// and writing tell why. ctx is for the start only; Close ends the request.
func (l *Link) Open(ctx context.Context, request string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ours, theirs, err := pair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	c := &conn{Conn: ours, done: make(chan struct{})}
	if m, none := dialMux(ctx, l.socket); none == nil {
		err = c.over(m, request, theirs)
	} else {
		err = c.alone(append(l.Command()[1:], "-T", "-x", "-a", l.target.destination(), "--", request), theirs)
	}
	if err != nil {
		ours.Close()
		return nil, err
	}
	return c, nil
}

// over makes the request of the ssh that holds the connection.
func (c *conn) over(m mux, request string, theirs *os.File) error {
	said, saying, err := os.Pipe()
	if err != nil {
		m.Close()
		return err
	}
	defer saying.Close()
	if err := m.request(request, theirs, theirs, saying); err != nil {
		said.Close()
		m.Close()
		return err
	}
	c.end = func() { m.Close() }
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		defer said.Close()
		_, _ = io.Copy(&c.said, said)
	}()
	go func() {
		defer close(c.done)
		well := m.exit()
		m.Close()
		_ = said.SetReadDeadline(time.Now().Add(closeLimit)) // what the peer left running may keep it open
		if <-heard; !well {
			c.err = explain(c.said.Lines())
		}
	}()
	return nil
}

// alone makes the request by an ssh of its own, which connects anew where
// nobody holds the connection.
func (c *conn) alone(args []string, theirs *os.File) error {
	cmd := exec.Command(sshProgram, args...)
	cmd.Env, cmd.WaitDelay = environment(), closeLimit
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, &c.said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.end = func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-c.done:
		case <-time.After(termLimit):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
	}
	go func() {
		defer close(c.done)
		if err := cmd.Wait(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
			c.err = explain(c.said.Lines())
		}
	}()
	return nil
}

// Read reads; the end of a failed request is its error.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, c.why(err)
}

// Write writes; to a failed request it is its error.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.why(err)
}

// CloseWrite tells the peer that nothing more comes.
func (c *conn) CloseWrite() error { return c.Conn.(*net.UnixConn).CloseWrite() }

// why puts the request's error where the socket only says that it is over. ssh
// ends right after it has closed its end.
func (c *conn) why(err error) error {
	if !errors.Is(err, io.EOF) && !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
		return err
	}
	select {
	case <-c.done:
		if c.err != nil {
			return c.err
		}
	case <-time.After(closeLimit):
	}
	return err
}

// Close ends the request.
func (c *conn) Close() error {
	var err error
	c.close.Do(func() {
		err = c.Conn.Close()
		select {
		case <-c.done:
		default:
			c.end()
		}
	})
	return err
}

// pair is a socket and its other end, as a file for a child.
func pair() (*net.UnixConn, *os.File, error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("making a socket: %w", err)
	}
	file, theirs := os.NewFile(uintptr(fds[0]), "request"), os.NewFile(uintptr(fds[1]), "ssh")
	defer file.Close()
	c, err := net.FileConn(file)
	if err != nil {
		theirs.Close()
		return nil, nil, fmt.Errorf("making a socket: %w", err)
	}
	return c.(*net.UnixConn), theirs, nil
}
