package replicate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// database makes the peer's rows the master's.
func (r *Replicator) database(ctx context.Context, how How, m *Memory, e *Entry) error {
	link, err := r.connected(ctx)
	if err != nil {
		return err
	}
	remote := &remote{link: link, database: r.options.Database, own: r.own()}
	defer remote.close()
	state, err := remote.open(ctx)
	if err != nil {
		return err
	}
	kept := &keeping{host: r.options.Host}
	j := r.job(how, m, remote)
	j.Suspect = m.Database.Rows == nil || !state.PassiveSince.Equal(m.Database.PassiveSince)
	if j.Suspect && m.Database.Rows != nil {
		if err := settled(ctx, state); err != nil {
			return err
		}
	}
	if !how.DryRun && !how.Verify {
		j.Keep = kept
	}
	result, err := perform(ctx, j, how)
	e.take(result, how)
	kept.drop()
	if err := consent(err, kept.name); err != nil {
		if errors.Is(err, rows.ErrUncertain) && kept.name != "" {
			e.Notes = append(e.Notes, "what the standby held is kept in "+kept.name)
		}
		return err
	}
	if kept.name != "" {
		e.Notes = append(e.Notes, "they are kept in "+kept.name)
	}
	e.Result = resultOf(result, how)
	if !how.DryRun && !how.Verify {
		m.Database.Rows, m.Database.PassiveSince = result.Memory, state.PassiveSince
	}
	return nil
}

// countLimit is how late PostgreSQL may tell what a session wrote, 10 s, and some.
const countLimit = 12 * time.Second

// settled waits until the counters of a standby that has just become passive
// tell all that it wrote while it was active.
func settled(ctx context.Context, s peer.State) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(min(countLimit, countLimit-s.Now.Sub(s.PassiveSince))):
		return nil
	}
}

func (r *Replicator) job(how How, m *Memory, remote *remote) *rows.Job {
	return &rows.Job{
		Master: r.options.Database.Local, Standby: remote.connect, Classes: r.options.Database.Classes,
		MaxDelete: r.options.MaxDelete, Memory: m.Database.Rows, Full: how.Full,
		Overwrite: how.Overwrite, AcceptMaster: how.AcceptMaster, Progress: r.progress(DatabaseName),
	}
}

func perform(ctx context.Context, j *rows.Job, how How) (rows.Result, error) {
	switch {
	case how.Verify:
		return j.Verify(ctx)
	case how.DryRun:
		j.Overwrite = true
		return j.Plan(ctx)
	}
	return j.Run(ctx)
}

// consent turns what the standby holds of its own into what the run waits for.
func consent(err error, file string) error {
	var own *rows.Own
	if !errors.As(err, &own) {
		return err
	}
	return &Consent{What: own.Error(), File: file}
}

func resultOf(r rows.Result, how How) string {
	switch {
	case how.DryRun:
		return Planned
	case how.Verify && len(r.Steady()) == 0 && len(r.Sequences) == 0:
		return Same
	case how.Verify:
		return Differs
	case r.Equal():
		return Unchanged
	}
	return Copied
}

// take enters what a comparison found. What changes all the time, such as
// presence, is no difference that a verification is about.
func (e *Entry) take(r rows.Result, how How) {
	tables := r.Tables
	if how.Verify {
		tables = r.Steady()
		if n := len(r.Tables) - len(tables); n > 0 {
			e.Notes = append(e.Notes, fmt.Sprintf("%d tables that change all the time, such as presence, are not the same at this moment", n))
		}
	}
	e.Full, e.Content, e.Looked, e.Sequences = r.Full, r.Full, r.Compared, len(r.Sequences)
	for _, t := range tables {
		e.Inserted, e.Changed, e.Deleted = e.Inserted+t.Inserted, e.Changed+t.Changed, e.Deleted+t.Deleted
		e.Parts = append(e.Parts, Part{Name: t.Name, Inserted: t.Inserted, Changed: t.Changed, Deleted: t.Deleted})
	}
	for _, name := range r.Sequences {
		e.Parts = append(e.Parts, Part{Name: name, Verb: "sequence"})
	}
	for _, a := range r.Actions {
		e.Notes = append(e.Notes, fmt.Sprintf("on the standby %d rows of %s were %s, since their rows of %s went (foreign key %s)", a.Rows, a.Table, a.What, a.References, a.Key))
	}
	if r.Own.Rows > 0 {
		e.Notes = append(e.Notes, r.Own.Note())
	}
	e.Warnings = r.Warnings
}
