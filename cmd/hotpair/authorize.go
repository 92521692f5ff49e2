package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
)

// authorizing is what the command line says of the master's admission.
type authorizing struct {
	from           string
	remove, dryRun bool
}

func (a *app) authorize() *cobra.Command {
	var o authorizing
	c := &cobra.Command{
		Use:   "authorize",
		Short: "Admit the master's key here, for `hotpair peer` and nothing else",
		Long:  "authorize reads a public key on standard input, as `hotpair init` on the master made it,\nand puts a line at the top of " + peer.AuthorizedKeys + " that lets it run\n`hotpair peer` and nothing else, from the peer's address alone. Other lines are kept.",
		Example: `  hotpair authorize < hotpair_ed25519.pub
  hotpair authorize --from 10.0.0.1 < hotpair_ed25519.pub
  hotpair authorize --remove`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			return a.runAuthorize(c.Context(), o)
		},
	}
	c.Flags().StringVar(&o.from, "from", "", "`ADDRESS` that the key is taken from, instead of peer.address")
	c.Flags().BoolVar(&o.remove, "remove", false, "admit it no more; no key is read")
	dryRunFlag(c, &o.dryRun)
	return c
}

// noKey is said of a file that lets no hotpair in.
const noKey = "admits no key of hotpair's"

func dryRunFlag(c *cobra.Command, dryRun *bool) {
	c.Flags().BoolVar(dryRun, "dry-run", false, "tell what would be done; change nothing anywhere")
}

func (a *app) runAuthorize(ctx context.Context, o authorizing) error {
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	admission, err := a.admission(h, o)
	if err != nil {
		return err
	}
	if !o.dryRun {
		lock, err := lock(ctx, h, "hotpair authorize", time.Minute)
		if err != nil {
			return err
		}
		defer lock.Release()
	}
	act := "admits the key of " + admission.From.String()
	changed := false
	if o.remove {
		act = "admits the master's key no more"
		if changed, err = peer.Revoke(h, o.dryRun); !changed {
			act = noKey
		}
	} else {
		changed, err = peer.Authorize(h, admission, o.dryRun)
	}
	if err != nil {
		return err
	}
	a.step("authorize", doing{name: peer.AuthorizedKeys, text: act, changed: changed, dryRun: o.dryRun})
	return nil
}

// admission is the line to be written; none to remove one.
func (a *app) admission(h *host.Host, o authorizing) (peer.Admission, error) {
	if o.remove {
		return peer.Admission{}, nil
	}
	from, err := a.admitted(h, o.from)
	if err != nil {
		return peer.Admission{}, err
	}
	text, err := io.ReadAll(io.LimitReader(a.in, 4<<10))
	if err != nil {
		return peer.Admission{}, fmt.Errorf("reading the public key: %w", err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return peer.Admission{}, errors.New("no public key on standard input: paste the line that `hotpair init` printed on the master")
	}
	key, err := peer.PublicKey(text)
	if err != nil {
		return peer.Admission{}, fmt.Errorf("reading the public key: %w", err)
	}
	command, err := a.peerCommand()
	return peer.Admission{From: from, Command: command, Key: key}, err
}

// admitted is the address that the key is taken from.
func (a *app) admitted(h *host.Host, from string) (netip.Addr, error) {
	if from != "" {
		address, err := netip.ParseAddr(from)
		if err != nil || address.Zone() != "" {
			return netip.Addr{}, fmt.Errorf("--from %q is not an IP address", from)
		}
		return address.Unmap(), nil
	}
	cfg, err := a.load(h)
	if err != nil {
		return netip.Addr{}, err
	}
	if !cfg.Peer.Address.IsValid() {
		return netip.Addr{}, errors.New("ha.hcl names no peer: say with --from where the key is taken from")
	}
	return cfg.Peer.Address, nil
}

// peerCommand is this very program as sshd is to run it, for this very node.
func (a *app) peerCommand() ([]string, error) {
	command, err := a.own()
	return append(command, "peer"), err
}

// own is this very program for this very node, as others are to run it.
func (a *app) own() ([]string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := []string{program}
	if a.root != "/" {
		root, err := filepath.Abs(a.root)
		if err != nil {
			return nil, err
		}
		command = append(command, "--root", root)
	}
	for _, path := range a.config {
		path, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		command = append(command, "--config", path)
	}
	return command, nil
}

// doing is something that was done, was done already, or would be done.
type doing struct {
	name, text      string
	changed, dryRun bool
}

// step tells of it, in a line.
func (a *app) step(command string, d doing) {
	word := "as it is"
	switch {
	case d.changed && d.dryRun:
		word = "would be"
	case d.changed:
		word = "done"
		a.note().Info("done by hand", "what", d.name+": "+d.text)
	}
	if a.json {
		a.emit("info", d.name+": "+d.text, command, map[string]any{"step": map[string]any{"name": d.name, "text": d.text, "state": word}})
		return
	}
	fmt.Fprintf(a.out, "%-8s  %s: %s\n", word, clean(d.name), clean(d.text))
}
