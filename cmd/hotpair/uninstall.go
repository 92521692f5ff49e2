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

// uninstalling is what the command line says of one uninstall.
type uninstalling struct {
	dryRun, restore, approved bool
	allow                     []string
}

func (a *app) uninstall() *cobra.Command {
	var o uninstalling
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the channel between the nodes; put the node back as it was",
		Long: "uninstall removes the key pair that init made and has the standby admit it no more;\non a standby it removes the line that admits the master.\n\nWith --restore-stock the node becomes what it was before hotpair first changed it:\nfiles to the byte, a line of cron that was commented out commented, the database's\nvalues, the phones' documents. What somebody else has changed since is named and left\n" +
			"as it is. Then hotpair forgets the node. Stop the daemon first:\n`systemctl disable --now hotpair`. Otherwise role = \"disabled\" in ha.hcl and\n`hotpair apply` take high availability away.",
		Example: `  hotpair uninstall --dry-run
  hotpair uninstall
  hotpair uninstall --restore-stock --dry-run
  hotpair uninstall --restore-stock --auto-approve`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			if err := knownConsent(c, o.allow); err != nil {
				return err
			}
			return a.runUninstall(c.Context(), o)
		},
	}
	dryRunFlag(c, &o.dryRun)
	a.detailsFlag(c)
	c.Flags().BoolVar(&o.restore, "restore-stock", false, "put everything back as it was before hotpair")
	c.Flags().BoolVar(&o.approved, "auto-approve", false, "do not ask before putting anything back")
	allowFlag(c, &o.allow)
	return c
}

func (a *app) runUninstall(ctx context.Context, o uninstalling) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	if !o.dryRun {
		lock, err := lock(ctx, h, "hotpair uninstall", time.Minute)
		if err != nil {
			return err
		}
		defer lock.Release()
	}
	if !o.restore {
		return a.removeChannel(ctx, h, o.dryRun)
	}
	left, err := a.restoreStock(ctx, h, o)
	if err != nil {
		return err
	}
	if err := a.removeChannel(ctx, h, o.dryRun); err != nil {
		return err
	}
	return a.forget(h, left, o.dryRun)
}

// removeChannel undoes init, and authorize.
func (a *app) removeChannel(ctx context.Context, h *host.Host, dryRun bool) error {
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
