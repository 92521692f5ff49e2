package files

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

const (
	rsync = "/usr/bin/rsync"
	// silence is how long neither side may move a byte.
	silence = 2 * time.Minute
	// readingLimit is how long one side may read files before it says so.
	readingLimit = time.Hour
)

// Plan tells what Run would do. Nothing is written anywhere.
func (o Options) Plan(ctx context.Context) (Result, error) {
	found, err := o.compare(ctx, pass{dry: true})
	return found.Result, err
}

// Verify compares everything by content, owner and mode. Nothing is written
// anywhere; no Changes means that both nodes are equal.
func (o Options) Verify(ctx context.Context) (Result, error) {
	found, err := o.compare(ctx, pass{dry: true, content: true})
	return found.Result, err
}

// Run makes the standby's directories equal to this node's, by size and time.
// Its error is a *DeletesError when it would delete too much; a file that
// vanishes meanwhile is no error. With an error the Result holds what was done.
func (o Options) Run(ctx context.Context) (Result, error) {
	plan, err := o.compare(ctx, pass{dry: true})
	if err != nil {
		return Result{Looked: plan.Looked, Missing: plan.Missing}, err
	}
	if !plan.differs {
		return plan.Result, nil
	}
	if err := o.emptied(plan.Changes); err != nil {
		return Result{Looked: plan.Looked, Missing: plan.Missing}, err
	}
	have := plan.Looked - plan.created + plan.deleted
	limit := allowed(have, o.MaxDelete)
	if plan.deleted > limit {
		return Result{Looked: plan.Looked, Missing: plan.Missing}, &DeletesError{Deletes: plan.deleted, Of: have, Percent: o.MaxDelete}
	}
	done, err := o.compare(ctx, pass{maxDelete: limit, total: plan.Bytes})
	if errors.Is(err, errMaxDelete) {
		err = &DeletesError{Deletes: done.deleted, Of: have, Percent: o.MaxDelete}
	}
	return done.Result, err
}

// emptied refuses to delete the whole content of a directory that is empty here:
// what should be mounted there may not be. A few files may go.
func (o Options) emptied(changes []Change) error {
	const few = 5
	for _, dir := range o.Directories {
		deletes := 0
		for _, c := range changes {
			if c.Verb == Delete && strings.HasPrefix(c.Path, dir+"/") {
				deletes++
			}
		}
		if deletes <= few || o.MaxDelete >= everything {
			continue
		}
		left, err := o.Host.List(dir)
		if err == nil && len(left) == 0 {
			return &DeletesError{Deletes: deletes, Of: deletes, Percent: o.MaxDelete, Emptied: dir}
		}
	}
	return nil
}

// everything is a MaxDelete that lets all be deleted.
const everything = 100

// pass is one run of rsync.
type pass struct {
	dry, content bool
	maxDelete    int
	total        int64 // bytes expected
}

// found is what rsync said.
type found struct {
	Result
	created, deleted int
	differs          bool
}

func (o Options) compare(ctx context.Context, p pass) (found, error) {
	there, missing, err := o.ready()
	if err != nil {
		return found{}, err
	}
	if len(there) == 0 {
		return found{Result: Result{Missing: missing}}, nil
	}
	args, err := o.arguments(p, there)
	if err != nil {
		return found{}, err
	}
	f := found{Result: Result{Missing: missing}}
	err = o.execute(ctx, args, func(line string) {
		f.read(line)
		if o.Progress != nil && !p.dry {
			o.Progress(f.Bytes, max(p.total, f.Bytes))
		}
	})
	if err != nil {
		err = fmt.Errorf("copying the directories to %s: %w", o.Peer, err)
	}
	return f, err
}

// arguments are those of one rsync for all directories. What they make of the
// peer's command line is pinned by a test; the peer accepts nothing else.
func (o Options) arguments(p pass, directories []string) ([]string, error) {
	exclude, err := newPatterns(o.Exclude)
	if err != nil {
		return nil, err
	}
	limit := silence
	if p.content {
		limit = readingLimit
	}
	args := []string{
		"--recursive", "--links", "--perms", "--times", "--owner", "--group", "--omit-link-times", "--modify-window=-1",
		"--relative", "--no-implied-dirs", "--whole-file", "--delete-after",
		"--stats", "--no-human-readable", "--out-format=%i %l %n",
		"--timeout=" + strconv.Itoa(int(limit.Seconds())),
		"--rsh=" + strings.Join(o.Shell, " "),
	}
	switch {
	case p.dry:
		args = append(args, "--dry-run")
	default:
		args = append(args, "--max-delete="+strconv.Itoa(p.maxDelete))
	}
	if p.content {
		args = append(args, "--checksum")
	}
	args = append(append(args, exclude.filters()...), "--")
	for _, dir := range directories {
		args = append(args, path.Clean(o.Host.Host("/"))+"/."+dir+"/")
	}
	return append(args, o.Peer+":/"), nil
}
