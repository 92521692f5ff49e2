package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
)

// restoreStock makes the node what it was before hotpair; left tells that
// somebody else's changes keep it from being that altogether.
func (a *app) restoreStock(ctx context.Context, h *host.Host, o uninstalling) (left bool, err error) {
	if err := idle(h); err != nil {
		return false, err
	}
	cfg, err := a.usable(h)
	if err != nil {
		return false, err
	}
	n, err := a.nodeOf(h, cfg)
	if err != nil {
		return false, err
	}
	if n.ledger.Found == nil {
		a.step("uninstall", doing{name: "this node", text: "hotpair has changed nothing here"})
		return false, nil
	}
	e, err := n.restorer(ctx, o.allow)
	if err != nil {
		return false, err
	}
	p, err := e.Plan(ctx)
	if err := cmp.Or(err, p.Err()); err != nil {
		return false, err
	}
	a.showRestoring(n, p)
	left = slices.ContainsFunc(p.Notes, func(note reconcile.Note) bool { return note.Code == resources.ChangedSince })
	if o.dryRun || p.Empty() {
		return left, nil
	}
	if !o.approved {
		if err := a.ask(ctx, "Put this back?", "use --auto-approve"); err != nil {
			return left, err
		}
	}
	return left, a.putBack(ctx, e, p)
}

// idle refuses while the daemon runs, which would keep the node as ha.hcl says.
func idle(h *host.Host) error {
	daemon, err := h.Held(status.WatchLock)
	if err != nil || daemon == nil {
		return err
	}
	return &exit{code: exitLocked, cause: fmt.Errorf("%s (pid %d) keeps this node as ha.hcl says. Stop it first: `systemctl disable --now hotpair`", daemon.Command, daemon.PID)}
}

// restorer is the engine that puts the node back.
func (n *node) restorer(ctx context.Context, allow []string) (*reconcile.Engine, error) {
	declared, err := resources.Restore(ctx, n.cfg, n.env)
	if err != nil {
		return nil, err
	}
	return &reconcile.Engine{
		Declared:  declared,
		FollowUps: resources.FollowUps(n.cfg, n.env),
		Ledger:    n.ledger,
		Found:     *n.ledger.Found,
		Consent:   append(allow, resources.StandingConsent(n.cfg.Actions)...),
		Now:       time.Now,
	}, nil
}

func (a *app) putBack(ctx context.Context, e *reconcile.Engine, p reconcile.Plan) error {
	e.Progress = a.progress
	o, err := e.Apply(ctx, p)
	switch {
	case err == nil:
		a.showRestored(o)
		return nil
	case !o.Changed() && errors.Is(err, context.Canceled):
		return &exit{code: exitInterrupted, cause: errors.New("interrupted")}
	case !o.Changed():
		return &exit{code: exitError, cause: err}
	}
	err = fmt.Errorf("%w.\nThe node is between two states. Mend the cause, then run `hotpair uninstall --restore-stock` again: it finishes what is left", err)
	return &exit{code: exitInPart, cause: err, changed: true}
}

// forget removes what hotpair keeps of the node. Rows that a standby made are
// the administrator's, and so are the originals of files that could not be put
// back.
func (a *app) forget(h *host.Host, left, dryRun bool) error {
	state := path.Dir(reconcile.LedgerPath)
	said := doing{name: state, text: "what hotpair knew of this node is forgotten", changed: true, dryRun: dryRun}
	if there, err := h.Exists(reconcile.LedgerPath); err != nil || !there {
		return err
	}
	if dryRun {
		a.step("uninstall", said)
		return nil
	}
	a.endRecord()
	names, err := h.List(state)
	if err != nil {
		return err
	}
	kept := []string{path.Base(replicate.KeptDir)}
	if left {
		kept = append(kept, path.Base(reconcile.OriginalsPath))
	}
	ours := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(kept, name) })
	if len(ours) == len(names) {
		ours = []string{""}
	}
	for _, name := range ours {
		if err := h.RemoveTree(path.Join(state, name)); err != nil {
			return &exit{code: exitInPart, cause: err, changed: true}
		}
	}
	a.step("uninstall", said)
	return nil
}
