package replicate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/replicate/files"
)

// files makes the peer's directories the master's, by one run of rsync.
func (r *Replicator) files(ctx context.Context, how How, e *Entry) error {
	if !how.Verify && !how.DryRun && !how.Full && r.unmoved(ctx) {
		e.Result = Unchanged
		return nil
	}
	o, err := r.filesOptions(ctx)
	if err != nil {
		return err
	}
	before, err := r.snapshot(ctx)
	if err != nil {
		return err
	}
	var result files.Result
	switch {
	case how.Verify:
		result, err = o.Verify(ctx)
	case how.DryRun:
		result, err = o.Plan(ctx)
	default:
		if how.AcceptMaster {
			o.MaxDelete = 100
		}
		if result, err = o.Run(ctx); err != nil {
			before = nil
		}
		r.sent = before
	}
	e.Full, e.Content = true, how.Verify
	e.takeFiles(result, how)
	return err
}

// unmoved tells whether this node's directories are what they were before the
// last good run of this replicator. What somebody did to the standby's is found
// by the daily comparison.
func (r *Replicator) unmoved(ctx context.Context) bool {
	if r.sent == nil {
		return false
	}
	now, err := r.options.local().Snapshot(ctx)
	return err == nil && now.Equal(*r.sent)
}

// snapshot is what the directories are like now; nil: nobody will ask.
func (r *Replicator) snapshot(ctx context.Context) (*files.Snapshot, error) {
	if !r.options.Lasting {
		return nil, nil
	}
	now, err := r.options.local().Snapshot(ctx)
	return &now, err
}

// local is what of the directories needs no peer.
func (o Options) local() files.Options {
	return files.Options{Host: o.Host, Directories: o.Files.Directories, Exclude: o.Files.Exclude}
}

// filesOptions connects, and insists that the peer may be written and takes
// what is sent.
func (r *Replicator) filesOptions(ctx context.Context) (files.Options, error) {
	link, err := r.connected(ctx)
	if err != nil {
		return files.Options{}, err
	}
	state, err := link.State(ctx)
	if err == nil {
		err = state.Unfit(r.own())
	}
	if err != nil {
		return files.Options{}, &Away{Err: err}
	}
	f := r.options.Files
	var refused []string
	for _, dir := range f.Directories {
		if !slices.Contains(state.Directories, dir) {
			refused = append(refused, dir)
		}
	}
	if len(refused) > 0 {
		return files.Options{}, fmt.Errorf("the standby's ha.hcl does not name %s: write the same replication.directories and extra_directories on both nodes", strings.Join(refused, ", "))
	}
	return files.Options{
		Host: r.options.Host, Directories: f.Directories, Exclude: f.Exclude, MaxDelete: r.options.MaxDelete,
		Shell: link.Command(), Peer: link.Host(), Open: link.Open, Progress: r.progress(FilesName),
	}, nil
}

// takeFiles enters what a run of the directories found.
func (e *Entry) takeFiles(r files.Result, how How) {
	e.Bytes, e.Looked = r.Bytes, r.Looked
	for _, c := range r.Changes {
		switch c.Verb {
		case files.Create:
			e.Inserted++
		case files.Delete:
			e.Deleted++
		default:
			e.Changed++
		}
		e.Parts = append(e.Parts, Part{Name: c.Path, Verb: c.Verb})
	}
	for _, dir := range r.Missing {
		e.Warnings = append(e.Warnings, dir+" is not on the master: it is left alone on the standby")
	}
	switch {
	case how.DryRun:
		e.Result = Planned
	case how.Verify && len(r.Changes) == 0:
		e.Result = Same
	case how.Verify:
		e.Result = Differs
	case len(r.Changes) == 0:
		e.Result = Unchanged
	default:
		e.Result = Copied
	}
}
