package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

// runLock is held during one pass over the node.
const runLock = "/run/hotpair/run.lock"

// node is the node that a command works on.
type node struct {
	cfg    *schema.Config
	host   *host.Host
	env    resources.Env
	ledger *reconcile.Ledger
}

// open reads ha.hcl, the node's ledger, and how the node was found.
func (a *app) open() (*node, error) {
	h, err := host.Open(a.root)
	if err != nil {
		return nil, err
	}
	cfg, err := a.load(h)
	if err != nil {
		return nil, err
	}
	return a.nodeOf(h, cfg)
}

// nodeOf joins a configuration with what the node remembers.
func (a *app) nodeOf(h *host.Host, cfg *schema.Config) (*node, error) {
	ledger, err := reconcile.OpenLedger(h.Root)
	if err != nil {
		return nil, err
	}
	found, err := foundBefore(ledger, h, cfg)
	if err != nil {
		return nil, err
	}
	watcher, err := h.Held(status.WatchLock)
	if err != nil {
		return nil, err
	}
	env := resources.Env{Host: h, Found: found, Memory: ledger, Watched: watcher != nil, Clients: &a.clients, Progress: a.bar()}
	return &node{cfg: cfg, host: h, env: env, ledger: ledger}, nil
}

// look opens the node and plans it, for commands that only tell.
func (a *app) look(ctx context.Context) (*node, reconcile.Plan, error) {
	n, err := a.open()
	if err != nil {
		return nil, reconcile.Plan{}, err
	}
	p, err := n.planned(ctx)
	return n, p, cmp.Or(err, p.Err())
}

// load reads and checks the configuration; warnings are printed.
func (a *app) load(h *host.Host) (*schema.Config, error) {
	var diags hcl.Diagnostics
	paths := a.paths(h)
	if len(paths) == 0 {
		return nil, fmt.Errorf("there is no %s yet: `hotpair adopt` prints one that describes this node", h.Host("/etc/hotpair/ha.hcl"))
	}
	a.read.Sources, diags = schema.Read(paths)
	if diags.HasErrors() {
		return nil, &badConfig{diags}
	}
	for i, s := range a.read.Sources {
		a.read.Sources[i].Name = nodeName(h, s.Name)
	}
	cfg, from, more := a.made.load(a.read.Sources, a.options(h))
	a.read = from
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, &badConfig{diags}
	}
	if !a.quiet {
		a.diagnose(diags)
	}
	for _, s := range a.read.Sources {
		a.log.Debug("read configuration", "file", s.Name, "bytes", len(s.Text))
	}
	return cfg, nil
}

// nodeName names a file below the node's root as the node does.
func nodeName(h *host.Host, name string) string {
	if !filepath.IsAbs(name) {
		return name
	}
	return h.Inside(name)
}

// candidates are the files to read where they are there: those of --config,
// else the node's own.
func (a *app) candidates(h *host.Host) []string {
	if len(a.config) > 0 {
		return a.config
	}
	return []string{h.Host("/etc/hotpair/ha.hcl"), h.Host("/etc/hotpair/ha.d")}
}

// paths are the files to read; one that --config names must be there.
func (a *app) paths(h *host.Host) []string {
	if len(a.config) > 0 {
		return a.config
	}
	var paths []string
	for _, path := range a.candidates(h) {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			paths = append(paths, path)
		}
	}
	return paths
}

// options are what the language may ask of the node. A sandbox stands for a
// machine whose addresses are not this one's.
func (a *app) options(h *host.Host) schema.Options {
	o := schema.Options{ReadFile: h.ReadGuarded, Getenv: os.Getenv, Box: !h.IsMachine()}
	if h.IsMachine() {
		o.Own = ownAddresses()
	}
	return o
}

func ownAddresses() []netip.Addr {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var own []netip.Addr
	for _, a := range list {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}

// foundBefore is how the node was before hotpair: from the ledger or, before
// the first apply, as it is now.
func foundBefore(l *reconcile.Ledger, h *host.Host, cfg *schema.Config) (resources.Found, error) {
	if l.Found == nil {
		return resources.Recorded(h, cfg.Platform)
	}
	found := resources.Found{Role: schema.Role(l.Found.Role)}
	if l.Found.Peer == "" {
		return found, nil
	}
	peer, err := netip.ParseAddr(l.Found.Peer)
	if err != nil {
		return found, fmt.Errorf("reading %s: the peer found: %w", reconcile.LedgerPath, err)
	}
	found.Peer = peer
	return found, nil
}

// engine declares what the node should be.
func (n *node) engine(ctx context.Context, allow []string) (*reconcile.Engine, error) {
	declared, err := resources.Declare(ctx, n.cfg, n.env)
	if err != nil {
		return nil, err
	}
	found := reconcile.Found{Role: string(n.env.Found.Role)}
	if n.env.Found.Peer.IsValid() {
		found.Peer = n.env.Found.Peer.String()
	}
	return &reconcile.Engine{
		Declared:    declared,
		FollowUps:   resources.FollowUps(n.cfg, n.env),
		Ledger:      n.ledger,
		Found:       found,
		Consent:     append(allow, resources.StandingConsent(n.cfg.Actions)...),
		Dismantling: n.cfg.Node.Role == schema.Disabled,
		Now:         time.Now,
	}, nil
}

// lock takes the lock of one pass; somebody else's is exit code 3.
func lock(ctx context.Context, h *host.Host, command string, patience time.Duration) (*disk.Lock, error) {
	lock, err := h.Lock(ctx, runLock, disk.Holder{PID: os.Getpid(), Command: command, Since: time.Now()}, patience)
	var busy *disk.Busy
	switch {
	case errors.As(err, &busy):
		return nil, &exit{code: exitLocked, cause: busy}
	case errors.Is(err, context.Canceled):
		return nil, &exit{code: exitInterrupted, cause: errors.New("interrupted while another hotpair was waited for")}
	}
	return lock, err
}

// subject is what a saved plan was made from.
func (n *node) subject() string { return n.cfg.Text().Reveal() }

// withPeer says who the peer is, in a sentence.
func (n *node) withPeer() string {
	if !n.cfg.Peer.Address.IsValid() {
		return "without a peer"
	}
	return "peer " + n.peer()
}

func (n *node) peer() string {
	if !n.cfg.Peer.Address.IsValid() {
		return "none"
	}
	return n.cfg.Peer.Address.String()
}
