package probe

import (
	"context"
	"errors"
	"syscall"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// TCP asks whether a host is up, by a connection to a port. A refusal is as good
// an answer as a connection: only a host that runs, or its firewall, gives one.
// It says nothing of the service behind the port.
type TCP struct{ Target }

// Ask connects, and hangs up.
func (p TCP) Ask(ctx context.Context) (failover.Answer, error) {
	c, err := p.dial(ctx, "tcp")
	switch {
	case err == nil:
		_ = c.Close() // it has done its part
	case !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ECONNRESET):
		return failover.Silent, err
	}
	return failover.Alive, nil
}
