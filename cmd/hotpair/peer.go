package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/files"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) peer() *cobra.Command {
	return &cobra.Command{
		Use:   "peer",
		Short: "Answer one request of the master; sshd runs it",
		Long: "peer is the forced command of the line that `hotpair authorize` writes: it answers the\none request in SSH_ORIGINAL_COMMAND, which is state, report, facts, database, files or\nrsync,\nand nothing else. What changes something is refused unless this node is a slave whose\n" +
			"services are passive.",
		Example: "  SSH_ORIGINAL_COMMAND=state hotpair peer      # what this node tells its peer",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			return briefly(a.runPeer(c.Context()))
		},
	}
}

// peerInside is the program behind walls of its own making.
func (a *app) peerInside() *cobra.Command {
	return &cobra.Command{
		Use:                peer.InsideCommand,
		Hidden:             true,
		DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			return briefly(peer.Inside(c.Context(), args, streams(), files.Serve))
		},
	}
}

func streams() peer.Streams { return peer.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr} }

// briefly has an error told in one line: whoever reads it is a program.
func briefly(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, peer.ErrSaid):
		err = nil
	}
	return &exit{code: exitError, cause: err, changed: true}
}

func (a *app) runPeer(ctx context.Context) error {
	request, asked := os.LookupEnv("SSH_ORIGINAL_COMMAND")
	if !asked {
		return errors.New("hotpair peer: no request: sshd runs this command for the peer's key, with the request in SSH_ORIGINAL_COMMAND; this key opens no shell")
	}
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	cfg, err := a.usable(h)
	if err != nil {
		return fmt.Errorf("hotpair peer: the configuration of this node cannot be used: %s", oneLine(err, a.read.Sources))
	}
	decides := func() bool {
		holder, err := h.Held(status.WatchLock)
		return err == nil && holder != nil
	}
	n := resources.PeerNode(cfg, h, version, decides)
	n.Facts = a.tellFacts(h, cfg)
	return n.Serve(ctx, request, streams())
}

// usable is ha.hcl or, where it cannot be used, the last good one.
func (a *app) usable(h *host.Host) (*schema.Config, error) {
	cfg, err := a.load(h)
	if err == nil {
		return cfg, nil
	}
	if last, _, other := a.inForce(h); other == nil && last != nil {
		return last, nil
	}
	return nil, err
}
