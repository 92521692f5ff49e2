package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/hotpair/hotpair/resources/peer"
)

// connect connects with our own key, which the peer is asked to admit where it
// does not yet. There is no link with --dry-run.
func (i *initializing) connect(ctx context.Context) (*peer.Link, error) {
	if i.dryRun {
		i.step("init", doing{name: "the peer", text: "admits this node's key where it does not yet, by `hotpair authorize` there; then everything is checked", changed: true, dryRun: true})
		return nil, nil
	}
	link, err := peer.Dial(ctx, i.target)
	admitted := err == nil
	if errors.Is(err, peer.ErrNotAdmitted) {
		link, err = i.admit(ctx)
	}
	if err != nil {
		return nil, err
	}
	i.step("init", doing{name: "the peer", text: "admits this node's key, for `hotpair peer` alone", changed: !admitted})
	return link, nil
}

// admit has the peer admit our key, with the administrator's own access to it.
func (i *initializing) admit(ctx context.Context) (*peer.Link, error) {
	key, err := peer.OwnKey(i.host)
	if err != nil {
		return nil, err
	}
	if err := i.administrator().Authorize(ctx, key); err != nil {
		return nil, i.stepLeft(key, err)
	}
	return peer.Dial(ctx, i.target)
}

// stepLeft tells what the administrator does on the standby, whom nobody lets
// in from here: no mistake of his.
func (i *initializing) stepLeft(key string, why error) error {
	lines := "run"
	if i.cfg.Peer.SSH.HostKey == "" {
		lines = "put the lines above into ha.hcl and run"
	}
	text := fmt.Sprintf("One step is left: the standby must admit this node's key. On the standby, with hotpair installed and its ha.hcl in place, run:\n\n  echo '%s' | hotpair authorize\n\nthen %s `hotpair init` here again. From here root@%s could not be asked: %s.", key, lines, i.target.Address, why)
	left := &exit{code: exitError, changed: true}
	if i.json {
		left.cause = errors.New(text)
	} else {
		fmt.Fprintf(i.err, "\n%s\n", clean(text))
	}
	return left
}

func (a *app) asAdministrator(t peer.Target) peer.Administrator {
	return peer.Administrator{Target: t, Terminal: a.err, Ask: isTerminal(a.in)}
}

func (i *initializing) administrator() peer.Administrator { return i.asAdministrator(i.target) }

// check looks at everything that replication needs.
func (i *initializing) check(ctx context.Context, link *peer.Link) error {
	r := i.cfg.Replication
	want := peer.Expected{Hotpair: version, Database: r.Database && i.cfg.Database.Enabled, Files: r.Files && len(r.Directories) > 0, Own: i.ownAddresses()}
	var bad []string
	for _, c := range link.Check(ctx, want) {
		if !c.OK {
			bad = append(bad, c.Name)
		}
		i.showCheck(c)
	}
	if len(bad) > 0 {
		return fmt.Errorf("not all is well yet: %s", strings.Join(bad, ", "))
	}
	if !i.json {
		fmt.Fprintln(i.out, "The channel to the peer works.")
	}
	return nil
}

// ownAddresses are this node's; a sandbox has none of its own.
func (i *initializing) ownAddresses() []netip.Addr {
	if !i.host.IsMachine() {
		return nil
	}
	return ownAddresses()
}

func (i *initializing) showCheck(c peer.Check) {
	if i.json {
		i.emit("info", c.Name+": "+c.Text, "check", map[string]any{"check": c})
		return
	}
	word := "ok"
	if !c.OK {
		word = "not"
	}
	fmt.Fprintf(i.out, "%-8s  %s: %s\n", word, c.Name, clean(c.Text))
}
