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
	lock, err := r.lock(ctx, FilesName)
	if err != nil {
		return Entry{}, paths, err
	}
	defer lock.Release()
	memory, err := Recall(r.options.Host, r.options.Peer.Address.String())
	if err != nil {
		return Entry{}, paths, err
	}
	e = Entry{At: time.Now().UTC(), What: FilesName, Why: "change"}
	again, err = r.send(ctx, paths, &e)
	e.finish(ctx, err)
	memory.Files.mark(e)
	return e, again, errors.Join(err, r.remember(memory, e))
}

func (r *Replicator) send(ctx context.Context, paths []string, e *Entry) (again []string, err error) {
	if r.session == nil {
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
	return paths, err
}

// Watch hears of changes in the declared directories.
func (o Options) Watch() (*files.Watch, error) {
	return files.NewWatch(files.Options{Host: o.Host, Directories: o.Files.Directories, Exclude: o.Files.Exclude})
}
