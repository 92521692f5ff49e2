package rows

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
)

// pair is a session on each node and what was seen there.
type pair struct {
	master, standby *side
	seen            struct{ Master, Standby Sight }
	on, at          *catalog // of the master, and of the standby
}

// open connects to both nodes and reads their counters.
func (j *Job) open(ctx context.Context) (*pair, error) {
	p := &pair{master: &side{name: "master"}, standby: &side{name: "standby"}}
	err := p.both(
		func() error { return p.master.open(ctx, j.Master, j.Classes, &p.seen.Master) },
		func() error { return p.standby.open(ctx, j.Standby, j.Classes, &p.seen.Standby) },
	)
	if err != nil {
		p.close(ctx)
	}
	return p, err
}

func (s *side) open(ctx context.Context, connect Connect, c Classes, seen *Sight) error {
	conn, err := connect(ctx)
	if err != nil {
		return s.wrap(err)
	}
	s.conn = conn
	*seen, err = s.look(ctx, c)
	return err
}

// Connect connects to a database as a user who may set
// session_replication_role.
type Connect func(ctx context.Context) (*pgx.Conn, error)

// both does something on both nodes at once.
func (p *pair) both(master, standby func() error) error {
	var one, other error
	var all sync.WaitGroup
	all.Go(func() { one = master() })
	all.Go(func() { other = standby() })
	all.Wait()
	return errors.Join(one, other)
}

func (p *pair) close(ctx context.Context) {
	for _, s := range []*side{p.master, p.standby} {
		if s.conn != nil {
			closeSession(ctx, s.conn)
		}
	}
}

// readCatalogs reads what both databases have.
func (p *pair) readCatalogs(ctx context.Context) error {
	return p.both(
		func() (err error) { p.on, err = p.master.readCatalog(ctx); return err },
		func() (err error) { p.at, err = p.standby.readCatalog(ctx); return err },
	)
}

// check refuses what cannot be copied.
func (p *pair) check(ctx context.Context, c Classes) error {
	versions, err := p.versionsApart(ctx, c)
	if err != nil {
		return err
	}
	if all := append(versions, apart(p.on, p.at, c)...); len(all) > 0 {
		return &Apart{What: all}
	}
	if err := p.at.fires(c); err != nil {
		return err
	}
	for name, t := range p.on.tables {
		if other := p.at.tables[name]; other != nil && !sameKey(t, other) {
			t.key = nil
		}
		t.hash.records = p.master.version() >= 14 && p.standby.version() >= 14
	}
	return nil
}

const (
	beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s'; " + packing

	// The first change of a page after a checkpoint logs all of it. lz4, which some
	// servers have from version 15 on, takes 40 % off that at a price that is hardly
	// measured; pglz takes off no more, and several times as long.
	packing = "SELECT set_config('wal_compression', 'lz4', true) FROM pg_settings WHERE name = 'wal_compression' AND setting = 'off' AND 'lz4' = ANY (enumvals) AND current_setting('is_superuser') = 'on'"
)

// begin starts the master's snapshot, and on the standby the transaction that
// is written in, or only read in.
func (p *pair) begin(ctx context.Context, writes bool) error {
	return p.both(
		func() error { return p.master.exec(ctx, beginReading) },
		func() error {
			if writes {
				return p.standby.exec(ctx, beginWriting)
			}
			return p.standby.exec(ctx, beginReading)
		},
	)
}
