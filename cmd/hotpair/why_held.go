package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// replication tells how it stands, and why it does not run where it does not.
func (w *whys) replication(ctx context.Context) error {
	switch {
	case w.cfg.Node.Role == schema.Disabled:
		return nil
	case w.cfg.Node.Role == schema.Slave:
		says := "Nothing was ever replicated to this node, or its master has not told."
		if good := takeover.Replicated(w.host); !good.IsZero() {
			says = fmt.Sprintf("What this node has was good at %s, or later.", clock(good))
		}
		w.add("Replication", says, "The master replicates: `hotpair why` there tells what keeps it back.")
		return nil
	case !resources.Follows(w.cfg) && w.cfg.Replication.Runner != "daemon":
		w.add("Replication", fmt.Sprintf("The stock scripts replicate by cron: %s.", w.cfg.Origin("replication.runner")))
		return nil
	case !resources.Follows(w.cfg):
		w.add("Replication", "ha.hcl has nothing replicated.")
		return nil
	}
	var says []string
	if w.cfg.Peer.SSH.HostKey == "" {
		says = append(says, "The channel to the standby is not set up: run `hotpair init`.")
	}
	switch {
	case w.watch == nil:
		says = append(says, "`hotpair watch` does not run, so nothing is replicated but by `hotpair replicate`.")
	case w.watch.Mode == observe:
		says = append(says, fmt.Sprintf("watch.mode is observe (%s), so nothing is replicated but by `hotpair replicate`.", w.cfg.Origin("watch.mode")))
	}
	list, err := (&node{host: w.host, cfg: w.cfg}).standings(ctx, false)
	if err != nil {
		says = append(says, err.Error())
	}
	for _, s := range list {
		says = append(says, capitalised(s.What)+": "+strings.TrimSuffix(standingLine(s, w.now), ".")+".")
	}
	w.add("Replication", says...)
	return nil
}

// heldBack tells why other changes are not carried out.
func (w *whys) heldBack() {
	if w.watch == nil {
		w.add("Changes", "Nobody keeps this node as ha.hcl says while `hotpair watch` does not run: `hotpair plan` shows what differs, `hotpair apply` changes it.")
		return
	}
	says := []string{w.watch.Problem, w.watch.Lost, w.watch.Waits, w.watch.Failure}
	says = append(says, w.watch.Unheard...)
	if len(w.watch.Fought) > 0 {
		says = append(says, fmt.Sprintf("Somebody else keeps changing %s, so it is left alone for a time (watch.max_heals): find who, or write it into ha.hcl.", strings.Join(w.watch.Fought, ", ")))
	}
	if len(w.watch.Owed) > 0 {
		says = append(says, fmt.Sprintf("These disturb calls and wait for consent: %s. `hotpair apply` with that carries them out.", strings.Join(w.watch.Owed, ", ")))
	}
	switch mode := w.watch.Mode; {
	case w.watch.Differences == 0:
	case mode == observe:
		says = append(says, fmt.Sprintf("%s from ha.hcl, and watch.mode is observe: `hotpair apply` changes it.", differ(w.watch.Differences)))
	default:
		says = append(says, fmt.Sprintf("%s from ha.hcl: `hotpair plan` shows what.", differ(w.watch.Differences)))
	}
	w.add("Held back", says...)
}

func differ(n int) string {
	if n == 1 {
		return "1 resource differs"
	}
	return fmt.Sprintf("%d resources differ", n)
}
