package rows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// position is where a sequence stands.
type position struct{ last, called string }

// positions reads sequences. Where those stand that were used is asked in one
// line; each of the others takes a part of a statement.
func (s *side) positions(ctx context.Context, sequences []string) (map[string]position, error) {
	at := map[string]position{}
	used, err := s.table(ctx, query{"SELECT relname, pg_sequence_last_value(oid) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND relname = ANY ($1::text[])", [][]string{sequences}})
	for _, row := range used {
		if row[1] != nil {
			at[string(row[0])] = position{string(row[1]), "t"}
		}
	}
	var unused, parts []string
	for _, name := range sequences {
		if _, known := at[name]; !known {
			parts = append(parts, fmt.Sprintf("SELECT %d, last_value, is_called FROM public.%s", len(unused), quoted(name)))
			unused = append(unused, name)
		}
	}
	if err != nil || len(unused) == 0 {
		return at, err
	}
	rest, err := s.table(ctx, query{text: strings.Join(parts, " UNION ALL ")})
	for _, row := range rest {
		at[unused[number(row[0])]] = position{string(row[1]), string(row[2])}
	}
	return at, err
}

// copiedSequences are those of copied tables and those that no table owns.
func (c *catalog) copiedSequences(classes Classes) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.sequences)), func(name string) bool { return !classes.copied(c.sequences[name]) })
}

// sequencesApart lists the sequences that do not stand where the master's do.
func (p *pair) sequencesApart(ctx context.Context, c Classes) (map[string]position, error) {
	list := p.on.copiedSequences(c)
	var master, standby map[string]position
	err := p.both(
		func() (err error) { master, err = p.master.positions(ctx, list); return err },
		func() (err error) { standby, err = p.standby.positions(ctx, list); return err },
	)
	maps.DeleteFunc(master, func(name string, at position) bool { return standby[name] == at })
	return master, err
}

// end puts sequences where they are to stand, and commits. A setval cannot be
// rolled back, so it comes last and in one message with COMMIT, which nothing
// but the server's own end comes between. No signal ends it: who asks is told
// how it went.
func (p *pair) end(ctx context.Context, apart map[string]position) error {
	s, batch := p.standby, &pgconn.Batch{}
	if len(apart) > 0 {
		values, types, err := s.arrays(places(apart))
		if err != nil {
			return err
		}
		batch.ExecParams("SELECT setval(g.name::regclass, g.value::bigint, g.called::boolean) FROM unnest($1::text[], $2::text[], $3::text[]) AS g(name, value, called)", values, types, nil, nil)
	}
	batch.ExecParams("COMMIT", nil, nil, nil, nil)
	results, err := s.conn.PgConn().ExecBatch(context.WithoutCancel(ctx), batch).ReadAll()
	switch {
	case err != nil && (code(err) == "" || strings.HasPrefix(code(err), "57P")):
		return errors.Join(ErrUncertain, s.wrap(err))
	case err != nil:
		return s.wrap(err)
	case results[len(results)-1].CommandTag.String() != "COMMIT":
		return s.wrap(errors.New("it did not commit"))
	}
	return nil
}

// places are sequences, their values, and whether these have been used.
func places(apart map[string]position) [][]string {
	list := make([][]string, 3)
	for _, name := range slices.Sorted(maps.Keys(apart)) {
		for i, text := range []string{"public." + quoted(name), apart[name].last, apart[name].called} {
			list[i] = append(list[i], text)
		}
	}
	return list
}
