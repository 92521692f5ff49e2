package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/hints"
	"github.com/hotpair/hotpair/resources/host"
)

// watching is the daemon between two passes.
type watching struct {
	app    *app
	host   *host.Host
	files  *hints.Watcher
	heals  loop.Heals
	state  watchState
	follow following
	alive  atomic.Int64 // when the pass under way last came on, in Unix seconds; 0: none is
	ready  bool         // systemd has been told
	// unanswered is what the provisioning daemon did not answer in time when it was
	// last asked.
	unanswered []reconcile.Unseen
}

func newWatching(a *app, h *host.Host, files *hints.Watcher) *watching {
	a.clients.Silence = silence
	w := &watching{app: a, host: h, files: files, heals: loop.Heals{}, follow: following{app: a, host: h}}
	w.recall()
	return w
}

// pass looks at the node once, and acts where something is to be done.
func (w *watching) pass(ctx context.Context, why loop.Why) (time.Duration, error) {
	w.comesOn()
	defer w.alive.Store(0)
	defer debug.FreeOSMemory() // what a look needs is not held until the next
	w.app.log.Debug("looking", "why", why)
	w.watchFiles(nil)
	next := watchState{Since: w.state.Since}
	c := w.choose()
	next.Problem, next.Waits, next.Lost = c.problem, c.waits, c.lost
	every, err := time.Duration(0), error(nil)
	if c.cfg != nil {
		if !c.idle {
			next.Role, next.Mode = c.cfg.Node.Written, c.cfg.Watch.Mode
		}
		every = c.cfg.Watch.Interval
		err = w.reconcile(ctx, c, &next)
	}
	if ctx.Err() != nil {
		return every, nil
	}
	w.follow.use(ctx, c.followed())
	if err != nil {
		next.Failure = host.OneLine(err.Error())
	}
	w.tell(ctx, next)
	return every, err
}

// reconcile brings the node into the state that is in force. Where the
// provisioning daemon hangs, what has nothing to do with it goes first.
func (w *watching) reconcile(ctx context.Context, c chosen, next *watchState) error {
	if len(w.unanswered) > 0 {
		if err := w.turn(ctx, c, &watchState{}); err != nil {
			w.app.log.Debug("without the phones", "error", err) // told below, unless it is over by then
		}
		w.unanswered = nil
	}
	return w.turn(ctx, c, next)
}

// turn looks and acts. What the provisioning daemon leaves unanswered at the
// first look it is not asked again within the turn.
func (w *watching) turn(ctx context.Context, c chosen, next *watchState) error {
	n, e, p, err := w.plan(ctx, c)
	if err != nil {
		return err
	}
	w.unanswered = resources.Unanswered(p)
	w.isReady()
	w.watchFiles(resources.Files(e.Declared))
	if c.fresh {
		if err := w.app.accept(w.host); err != nil {
			return err
		}
	}
	if !c.touch || p.Empty() && n.ledger.Records(p) {
		next.see(n, p)
		return p.Err()
	}
	lock, err := lock(ctx, w.host, "hotpair watch", 0)
	if err != nil {
		return err
	}
	defer lock.Release()
	if _, e, p, err = w.plan(ctx, c); err != nil {
		return err
	}
	if err := resources.Sweep(w.host, e.Declared); err != nil {
		return err
	}
	err = w.act(ctx, e, p)
	if n, e, p, again := w.plan(ctx, c); again == nil {
		w.watchFiles(resources.Files(e.Declared))
		next.see(n, p)
		return errors.Join(err, p.Err())
	}
	return err
}

func (w *watching) plan(ctx context.Context, c chosen) (*node, *reconcile.Engine, reconcile.Plan, error) {
	n, err := w.app.nodeOf(w.host, c.cfg)
	if err != nil {
		return nil, nil, reconcile.Plan{}, err
	}
	n.env.Recurring, n.env.Progress = true, func(int, int) { w.comesOn() }
	n.env.Unasked, n.env.Unanswered = len(w.unanswered) > 0, w.unanswered
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

// watchFiles has ha.hcl watched, and files of the node; nil: those of the last
// pass.
func (w *watching) watchFiles(files []string) {
	if files != nil {
		w.state.files = files
	}
	var all []string
	for _, file := range append(slices.Clone(w.state.files), acceptedPath) {
		all = append(all, w.host.Host(file))
	}
	for _, path := range w.app.candidates(w.host) {
		all = append(all, path, filepath.Join(path, "x.hcl"))
	}
	w.files.Watch(all)
}

// comesOn records that the pass under way does not hang.
func (w *watching) comesOn() { w.alive.Store(time.Now().Unix()) }

// isReady tells systemd, after the first look: what follows from that may take
// longer than a start may.
func (w *watching) isReady() {
	if !w.ready {
		w.ready = true
		notify(daemon.SdNotifyReady)
	}
}

// leave ends what the daemon does, and tells that it is gone.
func (w *watching) leave() {
	w.follow.end()
	notify(daemon.SdNotifyStopping)
	w.app.log.Info("ended")
}
