package sipdb

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Place is where the three values of one tenant, or of one server, stand.
type Place struct {
	// Tenant is the tenant's UUID; empty where the values hold for everybody.
	Tenant string
	// Name is a name for people: the tenant's slug, or "general".
	Name string

	template string // of the tenant
	options  map[string]string
	sql      statements
}

// statements are those of one schema. Each takes the place as $1; the second
// argument is the row or the option.
type statements struct{ list, section, prepare, insert, update, remove, tidy string }

// Read gives the rows as they are. With lock, nobody else changes them until
// the transaction ends.
func (p Place) Read(ctx context.Context, q Querier, lock bool) (Rows, error) {
	sql := p.sql.list
	if lock {
		sql += " FOR UPDATE OF o"
	}
	keys := map[string]string{}
	for name, key := range p.options {
		keys[key] = name
	}
	found, err := q.Query(ctx, sql, p.key(), sorted(keys))
	if err != nil {
		return nil, reading(p, err)
	}
	rows := Rows{}
	var key string
	var row Row
	_, err = pgx.ForEachRow(found, []any{&row.ID, &key, &row.Value}, func() error {
		rows[keys[key]] = append(rows[keys[key]], row)
		return nil
	})
	return rows, reading(p, err)
}

func reading(p Place, err error) error {
	if err != nil {
		return fmt.Errorf("reading the expiry values of %s: %w", p.Name, err)
	}
	return nil
}

// key is what the statements call the place by.
func (p Place) key() string {
	if p.template != "" {
		return p.template
	}
	return "general"
}

// Stored is one of the three values as it is stored.
type Stored struct {
	Name    string
	Rows    []Row
	Section string // the id of the section to be made for a row where there is none
}

// Bare tells whether a section has to be made before the first row.
func (p Place) Bare(ctx context.Context, q Querier) (bare bool, err error) {
	if p.sql.section == "" {
		return false, nil
	}
	rows, err := q.Query(ctx, p.sql.section, p.key())
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&bare}, func() error { return nil })
	}
	return bare, reading(p, err)
}

// Set makes one value say something, in a row of its own where there is none.
func (p Place) Set(ctx context.Context, q Querier, now Stored, value string) error {
	if len(now.Rows) == 0 {
		return p.insert(ctx, q, now, Row{ID: NewID(), Value: value})
	}
	for _, row := range now.Rows {
		if row.Value == value {
			continue
		}
		if err := p.exec(ctx, q, p.sql.update, row.ID, value); err != nil {
			return err
		}
	}
	return nil
}

// Restore gives one value the rows that it had.
func (p Place) Restore(ctx context.Context, q Querier, now Stored, original []Row) error {
	for _, row := range now.Rows {
		if !slices.ContainsFunc(original, func(o Row) bool { return o.ID == row.ID }) {
			if err := p.exec(ctx, q, p.sql.remove, row.ID); err != nil {
				return err
			}
		}
	}
	for _, row := range original {
		i := slices.IndexFunc(now.Rows, func(r Row) bool { return r.ID == row.ID })
		var err error
		switch {
		case i < 0:
			err = p.insert(ctx, q, now, row)
		case now.Rows[i].Value != row.Value:
			err = p.exec(ctx, q, p.sql.update, row.ID, row.Value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Tidy removes a section that was made for rows and holds nothing now.
func (p Place) Tidy(ctx context.Context, q Querier, section string) error {
	if p.sql.tidy == "" {
		return nil
	}
	return p.exec(ctx, q, p.sql.tidy, section)
}

func (p Place) insert(ctx context.Context, q Querier, into Stored, row Row) error {
	if p.sql.prepare != "" {
		if err := p.exec(ctx, q, p.sql.prepare, p.key(), cmp.Or(into.Section, NewID())); err != nil {
			return err
		}
	}
	return p.exec(ctx, q, p.sql.insert, p.key(), row.ID, p.options[into.Name], row.Value)
}

func (p Place) exec(ctx context.Context, q Querier, sql string, args ...any) error {
	if _, err := q.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("writing the expiry values of %s: %w", p.Name, err)
	}
	return nil
}
