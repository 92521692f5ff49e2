package wazodb

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Filling says how much goes into a database.
type Filling struct {
	Users int
	// Seed makes other values, the same ones for the same seed.
	Seed uint64
	// History is for the call logs, the channel and queue events and the
	// agents' statistics, which are most of a platform's rows.
	History bool
}

// Fill fills an empty database that Create made. The tables of the users, and
// with them whatever grows with their number, are in proportion to a platform
// of 5,000 users; the others have the rows of such a platform, or a few. The
// sequences are where they would be if the rows had been inserted.
func Fill(ctx context.Context, conn *pgx.Conn, f Filling) error {
	l, err := readLayout()
	if err != nil {
		return err
	}
	w := filler{layout: l, Filling: f, counts: map[string]int{}}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		for _, table := range slices.Sorted(maps.Keys(w.tables)) {
			if err := w.load(ctx, tx, table); err != nil {
				return fmt.Errorf("filling %s: %w", table, err)
			}
		}
		return nil
	})
	if err == nil {
		_, err = conn.Exec(ctx, "ANALYZE")
	}
	return err
}

// filler knows how many rows the tables get, and what is in them.
type filler struct {
	layout
	Filling
	counts map[string]int
}

// load copies a table's rows in, and moves its sequences on.
func (w filler) load(ctx context.Context, tx pgx.Tx, table string) error {
	r := rows{count: w.count(table)}
	var names []string
	for _, c := range w.tables[table] {
		names = append(names, c.name)
		r.values = append(r.values, w.value(c))
	}
	_, err := tx.Conn().PgConn().CopyFrom(ctx, &r, fmt.Sprintf("COPY %s (%s) FROM STDIN", quote(table), quoteAll(names)))
	for _, c := range w.tables[table] {
		if err == nil && c.serial {
			_, err = tx.Exec(ctx, "SELECT setval(pg_get_serial_sequence($1, $2), $3)", quote(table), c.name, r.count)
		}
	}
	return err
}

// rows is a table's content in COPY's text format, made while it is read.
type rows struct {
	values []value
	count  int
	next   int
	text   []byte // made and not read
	spare  []byte
}

func (r *rows) Read(p []byte) (int, error) {
	if len(r.text) == 0 {
		r.text = r.spare[:0]
		for ; r.next < r.count && len(r.text) < len(p); r.next++ {
			for i, v := range r.values {
				if i > 0 {
					r.text = append(r.text, '\t')
				}
				r.text = v(r.text, r.next)
			}
			r.text = append(r.text, '\n')
		}
		r.spare = r.text
	}
	if len(r.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text)
	r.text = r.text[n:]
	return n, nil
}
