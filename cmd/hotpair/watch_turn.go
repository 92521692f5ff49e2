package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/status"
)

// turn looks and acts. What the provisioning daemon leaves unanswered at the
// first look it is not asked again within the turn.
func (w *watching) turn(ctx context.Context, c chosen, next *status.Watch) error {
	n, e, p, err := w.plan(ctx, c)
	if err != nil {
		w.board.blind(err)
		return err
	}
	w.unanswered = resources.Unanswered(p)
	w.isReady()
	w.watchFiles(resources.Files(e.Declared))
	if c.fresh {
		if moved, err := w.takeOver(ctx, c); err != nil || moved {
			return err
		}
	}
	if !c.touch || p.Empty() && n.ledger.Records(p) {
		next.See(p)
		w.board.saw(ctx, n, p, !w.rests)
		return p.Err()
	}
	lock, err := lock(ctx, w.host, "hotpair watch", 0)
	if err != nil {
		return err
	}
	defer lock.Release()
	if w.moved(c) {
		return nil
	}
	if _, e, p, err = w.plan(ctx, c); err != nil {
		return err
	}
	if err := resources.Sweep(w.host, e.Declared); err != nil {
		return err
	}
	err = w.act(ctx, e, p)
	if n, e, p, again := w.plan(ctx, c); again == nil {
		w.watchFiles(resources.Files(e.Declared))
		w.board.saw(ctx, n, p, !w.rests)
		next.See(p)
		return errors.Join(err, p.Err())
	}
	return err
}

// takeOver brings a configuration into force, unless another one has come into
// force since it was read.
func (w *watching) takeOver(ctx context.Context, c chosen) (moved bool, err error) {
	lock, err := lock(ctx, w.host, "hotpair watch", 0)
	if err != nil {
		return false, err
	}
	defer lock.Release()
	if w.moved(c) {
		return true, nil
	}
	return false, w.app.accept(w.host)
}

// moved tells whether something else would be chosen now, and has it looked at: an
// apply may have brought another role into force while this pass looked, and must
// not be undone.
func (w *watching) moved(c chosen) bool {
	now := w.choose()
	if now.cfg != nil && now.cfg.Text() == c.cfg.Text() && now.touch == c.touch {
		return false
	}
	w.files.Prod()
	return true
}

func (w *watching) plan(ctx context.Context, c chosen) (*node, *reconcile.Engine, reconcile.Plan, error) {
	n, err := w.app.nodeOf(w.host, c.cfg)
	if err != nil {
		return nil, nil, reconcile.Plan{}, err
	}
	if n.env.Program, err = w.app.own(); err != nil {
		return nil, nil, reconcile.Plan{}, err
	}
	n.env.Recurring, n.env.Progress = true, func(int, int) { w.comesOn() }
	n.env.Unasked, n.env.Unanswered = w.rests || len(w.unanswered) > 0, w.unanswered
	e, err := n.engine(ctx, nil)
	if err != nil {
		return nil, nil, reconcile.Plan{}, err
	}
	e.KeepGoing, e.Progress = true, w.progress
	e.Hold = func(s reconcile.Step) string {
		for _, name := range s.Drifting {
			if until, fought := w.heals.Fought(name, c.cfg.Watch.MaxHeals, time.Now()); fought {
				return fmt.Sprintf("left alone until %s: somebody else keeps changing it", until.Local().Format("15:04"))
			}
		}
		return ""
	}
	p, err := e.Plan(ctx)
	return n, e, p, err
}

// act carries a plan out, and remembers what it healed.
func (w *watching) act(ctx context.Context, e *reconcile.Engine, p reconcile.Plan) error {
	_, err := e.Apply(ctx, p)
	w.heals.Forget(time.Now())
	return errors.Join(err, w.remember())
}

// progress logs what is done, and counts what was healed: also what somebody
// else had changed back before it could be looked at again. What is not is the failure of the pass, which is
// told once however often it is tried.
func (w *watching) progress(p reconcile.Progress) {
	w.comesOn()
	if p.Done && p.Step != nil && (p.Err == nil || errors.Is(p.Err, reconcile.ErrUnsettled)) {
		for _, name := range p.Step.Drifting {
			w.heals.Count(name, time.Now())
		}
	}
	log := w.app.log
	if p.Left != "" {
		log.Warn("not all of it could be done", "action", p.Action.Name, "what", p.Left)
	}
	switch {
	case !p.Done:
	case errors.Is(p.Err, reconcile.ErrUnfinished):
		log.Debug("done in part", "action", p.Action.Name)
	case p.Step != nil && p.Err != nil:
		log.Debug("not changed", "resource", p.Step.ID.String(), "error", p.Err)
	case p.Step != nil:
		log.Info("changed", "resource", p.Step.ID.String(), "verb", string(p.Step.Verb()), "drift", len(p.Step.Drifted) > 0, "declared", p.Step.Origin)
	case p.Err != nil:
		log.Debug("not done", "action", p.Action.Name, "error", p.Err)
	default:
		log.Info("done", "action", p.Action.Name)
	}
}
