package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/rows"
	"github.com/hotpair/hotpair/resources/replicate/when"
)

const (
	// pollEvery is how often the database's counters are looked at.
	pollEvery = 5 * time.Second
	// compareEvery is how old the last comparison of everything may become.
	compareEvery = 23*time.Hour + 30*time.Minute
)

// memory is what is known of earlier runs; an error is told by the next run.
func (f *follower) memory() replicate.Memory {
	m, _ := replicate.Recall(f.options.Host, f.options.Peer.HostKey)
	return m
}

func marks(m replicate.Memory, what string) replicate.Marks {
	if what == replicate.DatabaseName {
		return m.Database.Marks
	}
	return m.Files
}

func (f *follower) last(what string) func() time.Time {
	return func() time.Time { return marks(f.memory(), what).Tried }
}

// run makes a job of a replication. What waits for consent is no failure that
// trying again could mend.
func (f *follower) run(what string) func(context.Context, when.Why) error {
	return func(ctx context.Context, why when.Why) error {
		defer f.app.giveBack()
		if f.paused() {
			return errPaused
		}
		if err := f.alone(); err != nil {
			f.told.entry(ctx, replicate.Entry{What: what, Result: replicate.Failed, Error: err.Error()})
			return err
		}
		how := replicate.How{Why: f.again.why(what, why), Overwrite: f.cfg.Actions.Overwrite == "auto"}
		how.Full = time.Since(marks(f.memory(), what).Compared) > compareEvery
		e, err := f.replicator.Run(ctx, what, how)
		var busy *disk.Busy
		if errors.As(err, &busy) { // an administrator replicates
			f.again.after(what, err)
			return err
		}
		f.told.entry(ctx, told(e, what, err))
		if e.Result == replicate.Waiting {
			err = nil
		}
		f.again.after(what, err)
		return err
	}
}

// errAgain is why files are sent again that changed while they were sent.
var errAgain = errors.New("files changed while they were sent")

// told is the entry of a run, also of one that failed before there was any.
func told(e replicate.Entry, what string, err error) replicate.Entry {
	if e.Result == "" && err != nil {
		e = replicate.Entry{What: what, Result: replicate.Failed, Error: err.Error()}
	}
	return e
}

// errPaused is why nothing is replicated by itself while an operator works on this
// node. It is tried again like a failure, and told by nobody.
var errPaused = errors.New("maintenance goes on")

func (f *follower) paused() bool {
	s, told := f.app.stands(f.options.Host)
	return told && s.Paused.After(time.Now())
}

// alone tells whether the stock scripts replicate as well: two must not.
func (f *follower) alone() error {
	if f.cfg.Peer.SSH.HostKey == "" {
		return nil // connecting tells what is missing
	}
	at, err := resources.StockReplicates(f.cfg, f.options.Host)
	if err == nil && at != "" {
		err = fmt.Errorf("the stock scripts replicate by %s: hotpair does not until that line is gone", at)
	}
	return err
}

// send sends the files that changed. What could not be sent is sent again.
func (f *follower) send(ctx context.Context, _ when.Why) error {
	if f.paused() {
		return errPaused
	}
	paths := f.changed.take()
	if len(paths) == 0 {
		return nil
	}
	err := f.alone()
	if err != nil {
		f.changed.add(paths)
		return err
	}
	e, again, err := f.replicator.Send(ctx, paths)
	f.changed.add(again)
	var busy *disk.Busy
	if errors.As(err, &busy) {
		f.again.after(changesName, err)
		return err
	}
	f.told.entry(ctx, told(e, replicate.FilesName, err))
	if err == nil && len(again) > 0 {
		f.again.after(changesName, errAgain)
		return nil
	}
	f.again.after(changesName, err)
	return err
}

// poll prods a run when the database changed. While runs fail, the timetable
// tries again by itself; one that waits for consent is not made in vain.
func (f *follower) poll(ctx context.Context) {
	p := rows.Poll{Connect: f.options.Database.Local, Classes: f.options.Database.Classes}
	defer p.Close(ctx)
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	known := replicate.Recaller{Host: f.options.Host, Peer: f.options.Peer.HostKey}
	for {
		all, err := known.Recall() // the next run tells what is wrong with it
		m := all.Database
		if err == nil && m.Failure == "" && m.Waits == "" {
			moved, err := p.Moved(ctx, m.Rows)
			if err != nil && ctx.Err() == nil {
				f.app.log.Debug("the database's counters are not seen", "error", err)
			}
			if len(moved) > 0 || f.told.inTrouble(replicate.DatabaseName) { // somebody else replicated
				f.timetable.Prod(replicate.DatabaseName)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
