package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// Socket is where the node's PostgreSQL listens. User is whom it takes for its
// superuser by peer authentication.
type Socket struct{ Address, User string }

// ready is the line after the state: what follows is PostgreSQL's.
const ready = "ready"

const (
	socketLimit = 5 * time.Second
	lastWords   = 30 * time.Second // that the server has once the other end has said its last
)

// bridge joins the request with the database until either of them ends.
func (n Node) bridge(ctx context.Context, s Streams) error {
	if n.Database.Address == "" {
		return errors.New("ha.hcl of this node names no database on a unix socket")
	}
	dialing, cancel := context.WithTimeout(ctx, socketLimit)
	defer cancel()
	c, err := n.Host.DialUnix(dialing, n.Database.Address, n.Database.User)
	if err != nil {
		var why syscall.Errno
		if errors.As(err, &why) {
			err = why
		}
		return fmt.Errorf("its PostgreSQL does not answer on %s: %w: see that it runs there", n.Database.Address, err)
	}
	defer c.Close()
	defer closeWith(ctx, c)()
	if _, err := io.WriteString(s.Out, ready+"\n"); err != nil {
		return err
	}
	go send(c, s.In)
	if _, err = io.Copy(s.Out, c); errors.Is(err, net.ErrClosed) || ctx.Err() != nil {
		return cause(ctx, err)
	}
	return nil // either end closing is how a connection ends
}

// send hands on what comes and its end.
func send(to net.Conn, from io.Reader) {
	_, _ = io.Copy(to, from) // where the server has gone, the other direction ends
	if half, can := to.(interface{ CloseWrite() error }); can {
		_ = half.CloseWrite()
	}
	_ = to.SetReadDeadline(time.Now().Add(lastWords))
}
