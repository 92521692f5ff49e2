package replicate

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/files"
)

// LockPath is locked during a run.
const LockPath = "/run/hotpair/replicate.lock"

// onChange is why runs are made that nobody asked for.
const onChange = "change"

// The things that are replicated.
const (
	DatabaseName = "database"
	FilesName    = "files"
)

// Replicator copies to one peer, over a connection that it keeps.
type Replicator struct {
	options Options
	link    *peer.Link
	session *files.Session
	sent    *files.Snapshot // of the directories, before the last good run
}

// New makes a replicator, which connects when it has to.
func New(o Options) *Replicator { return &Replicator{options: o} }

// Close ends the connection.
func (r *Replicator) Close() {
	if r.session != nil {
		_ = r.session.Close() // what was to be kept has been acknowledged
	}
	if r.link != nil {
		_ = r.link.Close()
	}
	r.session, r.link = nil, nil
}

// connected gives the connection to the peer, made anew where it broke.
func (r *Replicator) connected(ctx context.Context) (*peer.Link, error) {
	if r.link != nil && r.link.Alive(ctx) {
		return r.link, nil
	}
	r.Close()
	link, err := peer.Dial(ctx, r.options.Peer)
	if err != nil {
		return nil, &Away{Err: err}
	}
	r.link = link
	return link, nil
}

// progress hands on how far a run of one part is.
func (r *Replicator) progress(what string) func(done, total int64) {
	if r.options.Progress == nil {
		return nil
	}
	return func(done, total int64) { r.options.Progress(what, done, total) }
}

// own are this node's addresses, of which the peer must name one.
func (r *Replicator) own() []netip.Addr {
	if r.options.Own == nil {
		return nil
	}
	return r.options.Own()
}

// Run replicates one thing, and records how it went. A run that an
// administrator has to decide about is no failure: its entry says what waits.
func (r *Replicator) Run(ctx context.Context, what string, how How) (Entry, error) {
	lock, err := r.lock(ctx, what, how.Patience)
	if err != nil {
		return Entry{}, err
	}
	defer lock.Release()
	memory, err := Recall(r.options.Host, r.options.Peer.HostKey)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{At: time.Now().UTC(), What: what, Why: how.Why, Verify: how.Verify}
	if what == DatabaseName {
		err = r.database(ctx, how, &memory, &e)
	} else {
		err = r.files(ctx, how, &e)
	}
	err = r.lost(ctx, err)
	e.finish(ctx, err)
	if how.DryRun {
		return e, err
	}
	marks := &memory.Files
	if what == DatabaseName {
		marks = &memory.Database.Marks
	}
	marks.mark(e)
	return e, errors.Join(err, r.remember(memory, e))
}

// lock takes the lock of a run. Hotpair's own directory must be there, so that
// a node that it does not keep is told as that.
func (r *Replicator) lock(ctx context.Context, what string, patience time.Duration) (*disk.Lock, error) {
	return r.options.Host.Lock(ctx, LockPath, disk.Holder{PID: os.Getpid(), Command: "hotpair replicate " + what, Since: time.Now()}, patience)
}

// remember stores what is known now. That a change was none is no news for the
// history.
func (r *Replicator) remember(m Memory, e Entry) error {
	if e.Result == Unchanged && !e.Full && e.Why == onChange {
		return m.store(r.options.Host)
	}
	return errors.Join(m.store(r.options.Host), record(r.options.Host, e))
}

// finish enters how a run ended.
func (e *Entry) finish(ctx context.Context, err error) {
	e.Took = float64(time.Since(e.At).Milliseconds()) / 1000
	var consent *Consent
	switch {
	case err == nil:
	case errors.As(err, &consent):
		e.Result, e.Error = Waiting, err.Error()
	case ctx.Err() != nil:
		e.Result, e.Error = Failed, "interrupted"
	default:
		e.Result, e.Error = Failed, host.Printable(err.Error())
		var away *Away
		e.Away = errors.As(err, &away) && !away.Partly
		e.Unreached = e.Away && errors.Is(err, peer.ErrUnreached)
	}
}

// Consent is what a run waits for.
type Consent struct {
	What string // in a sentence
	File string // where what would be lost is kept
}

func (c *Consent) Error() string {
	return fmt.Sprintf("%s. Their present content is kept on this node in %s. Read it; when it may go, run `hotpair replicate database --allow overwrite`. Until then the database is not replicated.", c.What, c.File)
}

// lost tells of a run that failed since the link broke meanwhile: how ssh and
// what went over it say that differs each time.
func (r *Replicator) lost(ctx context.Context, err error) error {
	var away *Away
	if err == nil || r.link == nil || ctx.Err() != nil || errors.As(err, &away) && !away.Partly || r.link.Alive(ctx) {
		return err
	}
	return &Away{Err: fmt.Errorf("the connection to the peer %s broke off: %w", r.options.Peer.Address, peer.ErrUnreached)}
}

// Away is why the peer takes nothing now: it is not reached, or not fit to be
// written. To try again costs little, since nothing has been compared yet.
type Away struct {
	Err    error
	Partly bool // only what was asked for, not all that is replicated
}

func (e *Away) Error() string { return e.Err.Error() }
func (e *Away) Unwrap() error { return e.Err }
