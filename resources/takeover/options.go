package takeover

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/probe"
)

// Options are what a node watches and how it serves.
type Options struct {
	Host   *host.Host
	Log    *slog.Logger
	Policy failover.Policy
	Peer   netip.Addr
	// Probes ask for the peer and the witnesses; on a master for its own telephony.
	Probes []probe.Probe
	// Answers asks this node's own telephony, after a start; nil: it cannot be asked.
	Answers  probe.Asker
	Services Services
	Hooks    Hooks
	// Companions are the systemd units that run only while this node serves.
	Companions []string
	// Open makes the connection that a master's reports go over; nil on a standby.
	Open func(ctx context.Context) (io.ReadWriteCloser, error)
	// Replicated is when this master last replicated well; nil on a standby.
	Replicated func() time.Time
	// Granted is set where ha.hcl has nothing replicated: that this standby has what
	// it needs is taken for granted.
	Granted bool
	// Started is told how long the services took to start; nil: nobody is.
	Started func(took time.Duration) error
	// Turned is told when a standby took over or gave back; nil: nobody is.
	Turned func(serve bool)
	// Changed is told when this node stands otherwise than before; nil: nobody is.
	Changed func()
}

// Services are the telephony services of this node.
type Services struct {
	Manage   string      // the program that starts and stops them; "": nothing does
	Asterisk string      // Asterisk's command line; "": calls cannot be counted
	Serving  func() bool // calls may be going on; it must be cheap
}

// Hooks are the operator's programs with their arguments, run without a shell.
type Hooks struct {
	BeforeTakeover, AfterTakeover []string
	BeforeFailback, AfterFailback []string
	Timeout                       time.Duration
}
