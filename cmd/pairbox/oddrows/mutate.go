package oddrows

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Mutate changes the tables n times at random, the same way for the same rng on
// servers that hold the same: inserts, updates, also of keys, deletes, swaps of
// unique values, doubled rows and emptied tables. What a constraint forbids does
// not happen.
func Mutate(ctx context.Context, conn *pgx.Conn, rng *rand.Rand, n int) error {
	list := tables()
	for range n {
		m := mutation{table: list[rng.IntN(len(list))], rng: rng}
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			m.tx = tx
			return m.once(ctx)
		})
		var refused *pgconn.PgError
		if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "23") { // integrity constraint violation
			continue
		}
		if err != nil {
			return fmt.Errorf("changing %s: %w", m.name, err)
		}
	}
	return nil
}

type mutation struct {
	table
	rng *rand.Rand
	tx  pgx.Tx
}

func (m mutation) once(ctx context.Context) error {
	switch p := m.rng.IntN(100); {
	case p < 45:
		return m.insert(ctx)
	case p < 75:
		return m.update(ctx)
	case p < 84:
		return m.exec(ctx, "DELETE FROM @t WHERE "+m.some(1+m.rng.IntN(3)))
	case p < 86 && m.name == "bare":
		return m.exec(ctx, "TRUNCATE @t")
	}
	return m.special(ctx)
}

// exec runs a statement in which @t is the table.
func (m mutation) exec(ctx context.Context, statement string, args ...any) error {
	_, err := m.tx.Exec(ctx, strings.ReplaceAll(statement, "@t", pgx.Identifier{m.name}.Sanitize()), args...)
	return err
}

// some is a condition that holds for that many rows. Which ones they are does
// not depend on where they lie.
func (m mutation) some(rows int) string {
	var names []string
	for i := 0; i < len(m.columns); i += 2 {
		names = append(names, pgx.Identifier{m.columns[i]}.Sanitize())
	}
	return fmt.Sprintf("ctid = ANY(ARRAY(SELECT ctid FROM @t ORDER BY md5(ROW(%s)::text || '%d') LIMIT %d))", strings.Join(names, ", "), m.rng.Uint32(), rows)
}

func (m mutation) insert(ctx context.Context) error {
	var names, places []string
	var values []any
	for i := 0; i < len(m.columns); i += 2 {
		if slices.Contains(m.defaults, m.columns[i]) && m.rng.IntN(4) > 0 {
			continue
		}
		names = append(names, pgx.Identifier{m.columns[i]}.Sanitize())
		values = append(values, random(m.rng, m.columns[i+1]))
		places = append(places, fmt.Sprintf("$%d", len(values)))
	}
	return m.exec(ctx, fmt.Sprintf("INSERT INTO @t (%s) VALUES (%s)", strings.Join(names, ", "), strings.Join(places, ", ")), values...)
}

// update changes a column of a few rows, be it part of a key.
func (m mutation) update(ctx context.Context) error {
	i := m.rng.IntN(len(m.columns)/2) * 2
	name, value := pgx.Identifier{m.columns[i]}.Sanitize(), random(m.rng, m.columns[i+1])
	return m.exec(ctx, fmt.Sprintf("UPDATE @t SET %s = $1 WHERE %s", name, m.some(1+m.rng.IntN(2))), value)
}

// special does to some tables what is theirs alone.
func (m mutation) special(ctx context.Context) error {
	switch m.name {
	case "swapped":
		return errors.Join(
			m.exec(ctx, "UPDATE @t a SET place = b.place FROM @t b WHERE a.id <> b.id AND ARRAY[a.id, b.id] <@ ARRAY(SELECT id FROM @t ORDER BY md5(id || $1) LIMIT 2)", fmt.Sprint(m.rng.Uint32())),
			m.swap(ctx, "code", "'\u0001'"),
		)
	case "plain":
		return m.swap(ctx, "id", "-1")
	case "collated":
		return m.swap(ctx, "word", "'\u0001'")
	case "slots": // the main one of an owner is another one now
		return errors.Join(
			m.exec(ctx, "UPDATE @t SET main = false WHERE owner = 1"),
			m.exec(ctx, "UPDATE @t SET main = true WHERE id = (SELECT id FROM @t WHERE owner = 1 ORDER BY md5(id || $1) LIMIT 1)", fmt.Sprint(m.rng.Uint32())),
		)
	case "bare":
		return m.exec(ctx, "INSERT INTO @t SELECT * FROM @t WHERE "+m.some(2))
	case "tree": // upside down
		return m.exec(ctx, "UPDATE @t SET up = id WHERE "+m.some(2))
	}
	return m.insert(ctx)
}

// swap exchanges a unique column of two rows by way of a value that none has.
func (m mutation) swap(ctx context.Context, column, spare string) error {
	var two []string
	err := m.tx.QueryRow(ctx, fmt.Sprintf("SELECT ARRAY(SELECT %[1]s::text FROM %[2]s WHERE %[1]s IS NOT NULL ORDER BY md5(%[1]s::text || $1) LIMIT 2)", column, m.name), fmt.Sprint(m.rng.Uint32())).Scan(&two)
	if err != nil || len(two) < 2 {
		return err
	}
	set := fmt.Sprintf("UPDATE @t SET %[1]s = %%s WHERE %[1]s = %%s", column)
	return errors.Join(
		m.exec(ctx, fmt.Sprintf(set, spare, "$1"), two[0]),
		m.exec(ctx, fmt.Sprintf(set, "$1", "$2"), two[0], two[1]),
		m.exec(ctx, fmt.Sprintf(set, "$1", spare), two[1]),
	)
}
