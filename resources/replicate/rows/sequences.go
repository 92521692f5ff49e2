package rows

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// position is where a sequence stands.
type position struct{ last, called string }

// positions reads sequences in one round trip.
func (s *side) positions(ctx context.Context, sequences []string) (map[string]position, error) {
	if len(sequences) == 0 {
		return nil, nil
	}
	var parts []string
	for i, name := range sequences {
		parts = append(parts, fmt.Sprintf("SELECT %d, last_value, is_called FROM public.%s", i, quoted(name)))
	}
	rows, err := s.table(ctx, strings.Join(parts, " UNION ALL "))
	at := map[string]position{}
	for _, row := range rows {
		at[sequences[number(row[0])]] = position{string(row[1]), string(row[2])}
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

// set puts sequences where they are to stand. It cannot be rolled back, so it
// comes last.
func (p *pair) set(ctx context.Context, apart map[string]position) error {
	var sequences, values, called []string
	for _, name := range slices.Sorted(maps.Keys(apart)) {
		sequences, values, called = append(sequences, "public."+quoted(name)), append(values, apart[name].last), append(called, apart[name].called)
	}
	if len(sequences) == 0 {
		return nil
	}
	_, err := p.standby.stream(ctx, "SELECT setval(g.name::regclass, g.value::bigint, g.called::boolean) FROM unnest($1::text[], $2::text[], $3::text[]) AS g(name, value, called)",
		[][]string{sequences, values, called}, nil)
	return err
}
