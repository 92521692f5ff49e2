package main

import (
	"context"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources/hints"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

// watching is the daemon between two passes.
type watching struct {
	app     *app
	host    *host.Host
	files   *hints.Watcher
	heals   loop.Heals
	state   status.Watch
	kept    []string // the files that hotpair keeps, watched
	board   *board
	follow  following
	decide  deciding
	answer  *answering
	measure *measuring
	alerts  *alerting
	alive   atomic.Int64 // when the pass under way last came on, in Unix seconds; 0: none is
	ready   bool         // systemd has been told
	// unanswered is what the provisioning daemon did not answer in time when it was
	// last asked.
	unanswered []reconcile.Unseen
	rests      bool // the phones are not looked at in this pass
	rested     int  // passes since they were
	text       schema.Secret
}

func newWatching(a *app, h *host.Host, files *hints.Watcher) *watching {
	a.clients.Silence = silence
	b := &board{app: a, host: h}
	w := &watching{app: a, host: h, files: files, heals: loop.Heals{}, board: b, follow: following{app: a, host: h}, decide: deciding{app: a, host: h},
		answer: newAnswering(a, h, b)}
	w.measure = newMeasuring(b)
	w.answer.metrics, w.decide.turned = w.measure.handler(), w.measure.turned
	w.follow.told = newTelling(a, func() { w.alerts.desk.Prod() })
	w.alerts = newAlerting(a, b, w.follow.told.failing)
	w.decide.changed = w.alerts.desk.Prod
	w.recall()
	return w
}

// pass looks at the node once, and acts where something is to be done.
func (w *watching) pass(ctx context.Context, why loop.Why) (time.Duration, error) {
	w.comesOn()
	defer w.alive.Store(0)
	defer w.app.giveBack()
	w.app.log.Debug("looking", "why", why)
	w.watchFiles(nil)
	next := status.Watch{Since: w.state.Since}
	c := w.choose()
	next.Problem, next.Waits, next.Lost = c.problem, c.waits, c.lost
	next.Unheard = w.answer.use(c.cfg, c.touch) // before what it tells of begins
	w.decide.use(ctx, c.followed())
	w.alerts.use(c.cfg, c.followed())
	every, err := time.Duration(0), error(nil)
	if c.cfg != nil {
		w.measure.file.use(ctx, c.cfg.Metrics.Textfile)
		if !c.idle {
			next.Role, next.Mode = c.cfg.Node.Written, c.cfg.Watch.Mode
		}
		every = c.cfg.Watch.Interval
		w.rest(why, c)
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
	w.measure.file.prod()
	return every, err
}

// phonesEvery is at which tick phones are looked at while all is at rest:
// thousands of documents cost more than all else together.
const phonesEvery = 5

// rest decides whether the phones need not be looked at now: nothing moved, and
// nothing was amiss.
func (w *watching) rest(why loop.Why, c chosen) {
	moved := w.text != c.cfg.Text()
	w.text = c.cfg.Text()
	w.rested++
	w.rests = why == loop.Tick && w.rested < phonesEvery && !moved && w.state.Well()
	if !w.rests {
		w.rested = 0
	}
}

// reconcile brings the node into the state that is in force. Where the
// provisioning daemon hangs, what has nothing to do with it goes first.
func (w *watching) reconcile(ctx context.Context, c chosen, next *status.Watch) error {
	if len(w.unanswered) > 0 {
		if err := w.turn(ctx, c, &status.Watch{}); err != nil {
			w.app.log.Debug("without the phones", "error", err) // told below, unless it is over by then
		}
		w.unanswered = nil
	}
	return w.turn(ctx, c, next)
}

// watchFiles has ha.hcl watched, and files of the node; nil: those of the last
// pass.
func (w *watching) watchFiles(files []string) {
	if files != nil {
		w.kept = files
	}
	var all []string
	for _, file := range append(slices.Clone(w.kept), acceptedPath) {
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
	w.decide.end()
	w.answer.end()
	w.measure.file.end()
	w.alerts.end()
	notify(daemon.SdNotifyStopping)
	w.app.log.Info("ended")
}
