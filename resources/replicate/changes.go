package replicate

import (
	"context"
	"errors"
	"time"

	"github.com/hotpair/hotpair/resources/replicate/files"
)

// Send brings single paths to the peer over a session that is kept, and records
// how it went. What could not be sent now is given back, to be sent again.
func (r *Replicator) Send(ctx context.Context, paths []string) (e Entry, again []string, err error) {
	lock, err := r.lock(ctx, FilesName, 0)
	if err != nil {
		return Entry{}, paths, err
	}
	defer lock.Release()
	memory, err := Recall(r.options.Host, r.options.Peer.HostKey)
	if err != nil {
		return Entry{}, paths, err
	}
	e = Entry{At: time.Now().UTC(), What: FilesName, Why: onChange, Single: true}
	again, err = r.send(ctx, paths, &e)
	err = r.lost(ctx, err)
	e.finish(ctx, err)
	memory.Files.mark(e)
	return e, again, errors.Join(err, r.remember(memory, e))
}

func (r *Replicator) send(ctx context.Context, paths []string, e *Entry) (again []string, err error) {
	kept := r.session != nil
	if !kept {
		o, err := r.filesOptions(ctx)
		if err != nil {
			return paths, err
		}
		if r.session, err = o.Session(ctx); err != nil {
			return paths, err
		}
	}
	result, err := r.session.Send(ctx, paths)
	e.takeFiles(result, How{})
	if err == nil {
		return result.Again, nil
	}
	_ = r.session.Close() // another one is opened by the next call
	r.session = nil
	if kept && errors.Is(err, files.ErrBroken) && ctx.Err() == nil && r.link.Alive(ctx) {
		return r.send(ctx, paths, e) // it had ended long since
	}
	return paths, err
}

// Watch hears of changes in the declared directories.
func (o Options) Watch() (*files.Watch, error) {
	return files.NewWatch(o.local())
}
