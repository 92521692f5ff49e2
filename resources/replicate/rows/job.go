package rows

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// Job is a master's database and a standby's, and what is to be the same.
type Job struct {
	Master, Standby Connect
	Classes         Classes
	// MaxDelete is how many percent of the standby's rows one run may delete. Up to
	// 50 rows may always be deleted.
	MaxDelete int
	Memory    *Memory // of the last good run; nil: there was none
	Full      bool    // everything is compared, whatever the counters say
	// Suspect: the standby may have been active since the last good run, so that it
	// may hold rows of its own.
	Suspect      bool
	Keep         Keeper // of rows of the standby's own; nil: they are not kept
	Overwrite    bool   // rows of the standby's own may be overwritten
	AcceptMaster bool   // a master that looks emptied, reinstalled or restored is the right one
	// Progress hears how many tables have been compared; nil: nobody does.
	Progress func(done, total int64)
}

// Result is what a run did, or found.
type Result struct {
	Unchanged bool    // nothing had moved on either node
	Full      bool    // everything was compared
	Compared  int     // tables
	Tables    []Table // those that differed
	Own       Own     // what the standby had of its own among that
	Actions   []Action
	Sequences []string // that differed
	Warnings  []string
	Memory    *Memory // to be kept for the next run
}

// Table is what differed in one table.
type Table struct {
	Name                       string
	Inserted, Changed, Deleted int64
	Volatile                   bool
}

// Steady are the tables that differed and are not volatile.
func (r Result) Steady() []Table {
	return slices.DeleteFunc(slices.Clone(r.Tables), func(t Table) bool { return t.Volatile })
}

// Equal tells whether nothing differed.
func (r Result) Equal() bool { return len(r.Tables) == 0 && len(r.Sequences) == 0 }

// Total sums up what differed.
func (r Result) Total() (inserted, changed, deleted int64) {
	for _, t := range r.Tables {
		inserted, changed, deleted = inserted+t.Inserted, changed+t.Changed, deleted+t.Deleted
	}
	return inserted, changed, deleted
}

// Run makes the standby what the master is: all of it, or nothing. A standby
// whose tables are locked is tried three times.
func (j *Job) Run(ctx context.Context) (Result, error) {
	for attempt := 1; ; attempt++ {
		r, err := j.once(ctx, writes)
		if errors.Is(err, errUnseen) && !j.Full {
			all := *j
			all.Full = true
			return all.Run(ctx)
		}
		var locked *Locked
		again := errors.As(err, &locked) || code(err) == lockNotAvailable || code(err) == deadlockDetected
		if !again || attempt == 3 {
			return r, err
		}
		select {
		case <-ctx.Done():
			return r, err
		case <-time.After(time.Duration(attempt) * time.Second):
		}
	}
}

// Plan tells what Run would do. Nothing is written or locked.
func (j *Job) Plan(ctx context.Context) (Result, error) { return j.once(ctx, reads) }

// Verify compares the content of everything that is copied, by 128-bit hashes.
func (j *Job) Verify(ctx context.Context) (Result, error) {
	all := *j
	all.Full = true
	return all.once(ctx, verifies)
}

// purpose is what a comparison is for.
type purpose int

const (
	reads purpose = iota
	verifies
	writes
)

func (j *Job) once(ctx context.Context, why purpose) (Result, error) {
	p, err := j.open(ctx)
	if err != nil {
		return Result{}, err
	}
	defer p.close(ctx)
	flagged, moved := p.flagged(j.Memory)
	if len(flagged) == 0 && !moved && !j.Full {
		return Result{Unchanged: true, Memory: j.Memory}, nil
	}
	if err := p.readCatalogs(ctx); err != nil {
		return Result{}, err
	}
	meant := *j
	meant.Classes = j.Classes.withParts(p.on)
	return meant.compared(ctx, p, why)
}

// compared does what is to be done once it is known what there is.
func (j *Job) compared(ctx context.Context, p *pair, why purpose) (Result, error) {
	if err := p.check(ctx, j.Classes); err != nil {
		return Result{}, err
	}
	r := Result{Full: j.Full || j.Memory == nil, Warnings: j.Classes.warnings(p.on)}
	if why != verifies {
		if err := j.suspicious(p); err != nil {
			return r, err
		}
	}
	return r, j.transact(ctx, p, &r, why)
}

// transact compares, and writes where that is meant.
func (j *Job) transact(ctx context.Context, p *pair, r *Result, why purpose) error {
	if err := p.begin(ctx, why == writes); err != nil {
		return err
	}
	candidates := j.candidates(p)
	if why == writes {
		if err := p.lock(ctx, candidates); err != nil {
			return err
		}
	}
	for _, t := range candidates {
		t.hash.wide = why == verifies
	}
	differing, rows, err := j.compareAll(ctx, p, candidates)
	if err != nil {
		return err
	}
	sequences, err := p.sequencesApart(ctx, j.Classes)
	if err != nil {
		return err
	}
	found := findings{candidates, differing, sequences, rows}
	r.Compared, r.Sequences = len(candidates), slices.Sorted(maps.Keys(sequences))
	for _, d := range differing {
		r.Tables = append(r.Tables, Table{Name: d.table.name, Inserted: d.freshRows, Changed: d.changedRows, Deleted: d.goneRows, Volatile: j.Classes.volatile(d.table.name)})
	}
	if why == verifies {
		return nil
	}
	if err := j.brake(differing, rows); err != nil {
		return err
	}
	if r.Own, err = j.keepOwn(ctx, p, differing); err != nil || why != writes {
		return err
	}
	if r.Actions, err = j.commit(ctx, p, found); err != nil {
		return err
	}
	r.Memory = j.remember(p, found)
	return nil
}

// findings are what a comparison found.
type findings struct {
	compared  []*table
	differing []*difference
	sequences map[string]position
	rows      map[string]int64 // of every copied table of the master
}

// candidates are the tables that are compared, in the order of their names.
func (j *Job) candidates(p *pair) []*table {
	flagged, _ := p.flagged(j.Memory)
	var list []*table
	for _, name := range slices.Sorted(maps.Keys(p.on.tables)) {
		if j.Classes.copied(name) && (j.Full || flagged[name]) {
			list = append(list, p.on.tables[name])
		}
	}
	return list
}

func sameKey(a, b *table) bool { return slices.Equal(a.key, b.key) }
