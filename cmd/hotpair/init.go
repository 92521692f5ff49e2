package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/schema"
)

// initializing is one run of init.
type initializing struct {
	*app
	cfg    *schema.Config
	host   *host.Host
	target peer.Target
	accept string // the fingerprint that the administrator has compared
	dryRun bool
}

func (a *app) init() *cobra.Command {
	i := &initializing{app: a}
	c := &cobra.Command{
		Use:   "init",
		Short: "On the master: set up the channel to the standby, and check it end to end",
		Long: "init makes a key of hotpair's own, shows the standby's host key once and pins it,\nhas the standby admit the key for `hotpair peer` and nothing else, and checks\neverything that replication needs. It prints the lines for ha.hcl. What is in order is\n" +
			"left as it is, so that init can be run again; `hotpair uninstall` undoes it.",
		Example: "  hotpair init --dry-run\n  hotpair init\n  hotpair init --accept-host-key SHA256:…      # for scripts: compared before",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			return i.run(c.Context())
		},
	}
	dryRunFlag(c, &i.dryRun)
	c.Flags().StringVar(&i.accept, "accept-host-key", "", "`FINGERPRINT` of the peer's host key, compared before; nothing is asked")
	return c
}

func (i *initializing) run(ctx context.Context) error {
	if err := i.open(); err != nil {
		return err
	}
	if err := i.pin(ctx); err != nil {
		return err
	}
	if err := i.makeKey(ctx); err != nil {
		return i.begun(err)
	}
	link, err := i.connect(ctx)
	if err != nil {
		return i.begun(err)
	}
	if link == nil {
		return nil
	}
	defer link.Close()
	return i.begun(i.check(ctx, link))
}

// begun is an error after something may have been changed.
func (i *initializing) begun(err error) error {
	var e *exit
	if err == nil || i.dryRun || errors.As(err, &e) {
		return err
	}
	return &exit{code: exitError, cause: err, changed: true}
}

func (i *initializing) open() (err error) {
	if i.host, err = host.Open(i.root); err != nil {
		return err
	}
	if i.cfg, err = i.load(i.host); err != nil {
		return err
	}
	switch i.cfg.Node.Role {
	case schema.Slave:
		return errors.New("this node is the standby: run `hotpair init` on the master, which sends the data")
	case schema.Disabled:
		return resources.ErrNoPair
	}
	i.target = resources.PeerTarget(i.cfg, i.host)
	return nil
}

// pin settles which host key is the peer's.
func (i *initializing) pin(ctx context.Context) error {
	shown, err := peer.Scan(ctx, i.target.Address, i.target.Port)
	if err != nil {
		return err
	}
	if pinned := i.target.HostKey; pinned != "" {
		if !slices.Contains(shown, pinned) {
			return fmt.Errorf("the peer shows another host key than ha.hcl pins: %s, not %s. Compare on the peer with `ssh-keygen -lf %s`, then correct peer.ssh.host_key",
				peer.Fingerprint(shown[0]), peer.Fingerprint(pinned), peer.KeyFile(shown[0]))
		}
		i.step("init", doing{name: "host key", text: peer.Fingerprint(pinned) + ", pinned in ha.hcl"})
		return nil
	}
	known := peer.Known(i.host)
	i.target.HostKey = shown[0]
	if slices.Contains(shown, known) {
		i.target.HostKey = known
	} else if err := i.compare(ctx); err != nil {
		return err
	}
	i.step("init", doing{name: "host key", text: peer.Fingerprint(i.target.HostKey), changed: i.target.HostKey != known, dryRun: i.dryRun})
	i.showLines()
	return nil
}

// compare has the administrator compare the fingerprint.
func (i *initializing) compare(ctx context.Context) error {
	print := peer.Fingerprint(i.target.HostKey)
	how := fmt.Sprintf("The host key of %s has the fingerprint\n  %s\nOn the peer itself, `ssh-keygen -lf %s` must print the same.", i.target.Address, print, peer.KeyFile(i.target.HostKey))
	switch {
	case i.accept == print:
		return nil
	case i.accept != "":
		return fmt.Errorf("the peer's host key has the fingerprint %s, not the one that was given with --accept-host-key", print)
	case i.dryRun:
		if !i.json {
			fmt.Fprintln(i.err, how)
		}
		return nil
	}
	fmt.Fprintln(i.err, how)
	return i.ask(ctx, "Is it the same?", "compare, then run `hotpair init --accept-host-key "+print+"`")
}

// showLines prints what belongs into ha.hcl.
func (i *initializing) showLines() {
	if i.json {
		i.emit("info", "peer.ssh.host_key belongs into ha.hcl", "host_key", map[string]any{"host_key": i.target.HostKey})
		return
	}
	fmt.Fprintf(i.out, "\nThese lines belong into the block peer of ha.hcl:\n\n  ssh {\n    port     = %d\n    host_key = %q\n  }\n\n", i.target.Port, i.target.HostKey)
}

func (i *initializing) makeKey(ctx context.Context) error {
	key, err := peer.OwnKey(i.host)
	if err != nil {
		return err
	}
	if key == "" && !i.dryRun {
		err = peer.MakeKey(ctx, i.host)
	}
	if err == nil {
		i.step("init", doing{name: peer.Identity, text: "this node's own key, used for nothing else", changed: key == "", dryRun: i.dryRun})
	}
	return err
}
