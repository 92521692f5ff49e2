package replicate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// database makes the peer's rows the master's.
func (r *Replicator) database(ctx context.Context, how How, m *Memory, e *Entry) error {
	link, err := r.connected(ctx)
	if err != nil {
		return err
	}
	remote := &remote{link: link, database: r.options.Database, expected: r.expected()}
	defer remote.close()
	state, err := remote.open(ctx)
	if err != nil {
		return err
	}
	kept := &keeping{host: r.options.Host}
	j := r.job(how, m, remote)
	j.Suspect = m.Database.Rows == nil || !state.PassiveSince.Equal(m.Database.PassiveSince)
	if !how.DryRun && !how.Verify {
		j.Keep = kept.keep
	}
	result, err := perform(ctx, j, how)
	e.take(result)
	file, keepErr := kept.close()
	if keepErr != nil {
		return fmt.Errorf("keeping the standby's own rows: %w", keepErr)
	}
	if err := consent(err, file); err != nil {
		return err
	}
	if file != "" {
		e.Notes = append(e.Notes, "they are kept in "+file)
	}
	e.Result = resultOf(result, how)
	if !how.DryRun && !how.Verify {
		m.Database.Rows, m.Database.PassiveSince = result.Memory, state.PassiveSince
	}
	return nil
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
	case how.Verify && r.Equal():
		return Same
	case how.Verify:
		return Differs
	case r.Equal():
		return Unchanged
	}
	return Copied
}

// take enters what a comparison found.
func (e *Entry) take(r rows.Result) {
	e.Inserted, e.Changed, e.Deleted = r.Total()
	e.Full, e.Content, e.Looked = r.Full, r.Full, r.Compared
	for _, t := range r.Tables {
		e.Parts = append(e.Parts, Part{Name: t.Name, Inserted: t.Inserted, Changed: t.Changed, Deleted: t.Deleted})
	}
	for _, a := range r.Actions {
		e.Notes = append(e.Notes, fmt.Sprintf("on the standby %d rows of %s were %s, since their rows of %s went (foreign key %s)", a.Rows, a.Table, a.What, a.References, a.Key))
	}
	if r.Own.Rows > 0 {
		e.Notes = append(e.Notes, fmt.Sprintf("%d of these rows were made or changed on the standby, in %s", r.Own.Rows, strings.Join(r.Own.Tables, ", ")))
	}
	e.Warnings = r.Warnings
}

// remote is the peer's database. The first connection is opened before the run,
// since the peer's state comes with it.
type remote struct {
	link     *peer.Link
	database *Database
	expected peer.Expected
	first    net.Conn
}

// open asks for the database, and insists that the peer may be written.
func (r *remote) open(ctx context.Context) (peer.State, error) {
	conn, state, err := r.link.Database(ctx)
	r.first = conn
	if unfit := state.Unfit(r.expected); state.Role != "" && unfit != nil {
		return state, &Away{Err: unfit}
	}
	if err != nil {
		return state, &Away{Err: err, Partly: true}
	}
	return state, nil
}

// connect speaks PostgreSQL over a session of the channel.
func (r *remote) connect(ctx context.Context) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("host=/peer sslmode=disable")
	if err != nil {
		return nil, err
	}
	config.Database, config.User = r.database.Name, r.database.User
	config.RuntimeParams["application_name"] = "hotpair"
	config.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) {
		if conn := r.first; conn != nil {
			r.first = nil
			return conn, nil
		}
		_, err := r.open(ctx)
		conn := r.first
		r.first = nil
		return conn, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return conn, nil
}

func (r *remote) close() {
	if r.first != nil {
		_ = r.first.Close() // it was never used
	}
}
