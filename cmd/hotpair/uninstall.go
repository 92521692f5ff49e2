package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
)

func (a *app) uninstall() *cobra.Command {
	var dryRun bool
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Undo `hotpair init`: remove the channel between the nodes",
		Long:  "uninstall removes the key pair that init made and has the standby admit it no more;\non a standby it removes the line that admits the master. The rest of the node is\nput back by role = \"disabled\" in ha.hcl and `hotpair apply`.",
		Example: `  hotpair uninstall --dry-run
  hotpair uninstall`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			return a.runUninstall(c.Context(), dryRun)
		},
	}
	dryRunFlag(c, &dryRun)
	return c
}

func (a *app) runUninstall(ctx context.Context, dryRun bool) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	if !dryRun {
		lock, err := lock(ctx, h, "hotpair uninstall", time.Minute)
		if err != nil {
			return err
		}
		defer lock.Release()
	}
	changed, err := peer.Revoke(h, dryRun)
	if err != nil {
		return err
	}
	a.step("uninstall", doing{name: peer.AuthorizedKeys, text: noKey, changed: changed, dryRun: dryRun})
	left, err := peer.Left(h)
	if err != nil || len(left) == 0 {
		return err
	}
	refused := a.revokeThere(ctx, h, dryRun)
	if !dryRun {
		if err := peer.RemoveKey(h); err != nil {
			return &exit{code: exitError, cause: err, changed: true}
		}
	}
	a.step("uninstall", doing{name: strings.Join(left, ", "), text: "removed", changed: true, dryRun: dryRun})
	if refused != nil && dryRun {
		return refused
	}
	if refused != nil {
		refused = fmt.Errorf("%w.\nThe key is gone from this node. Run `hotpair authorize --remove` on the peer, so that its line goes too", refused)
		return &exit{code: exitInPart, cause: refused, changed: true}
	}
	return nil
}

// revokeThere has the peer admit this node's key no more.
func (a *app) revokeThere(ctx context.Context, h *host.Host, dryRun bool) error {
	d := doing{name: "the peer", text: "admits this node's key no more", changed: true, dryRun: dryRun}
	err := errors.New("ha.hcl names no peer")
	if cfg, loaded := a.usable(h); loaded == nil && cfg.Peer.Address.IsValid() {
		t := resources.PeerTarget(cfg, h)
		t.HostKey = cmp.Or(t.HostKey, peer.Known(h))
		d.name += " " + t.Address.String()
		if err = nil; !dryRun {
			err = a.asAdministrator(t).Revoke(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("the peer could not be asked: %w", err)
	}
	a.step("uninstall", d)
	return nil
}
