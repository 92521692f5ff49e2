package rows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errUnseen is the error of a run that the counters misled.
var errUnseen = errors.New("a table changed of which no counter tells yet")

// orphans insists that no row that was copied refers to nothing, which replica
// role does not check. The parent may be a table that is not copied, or one of
// which no counter told yet that it changed. Two tables that were compared are
// what they are in the master's snapshot, which checked its keys itself.
func (p *pair) orphans(ctx context.Context, f findings, c Classes) error {
	for _, key := range p.at.keys {
		if !c.copied(key.table) || p.at.among(f.compared, key.table) && p.at.among(f.compared, key.references) {
			continue
		}
		there, err := p.anyOrphan(ctx, key, f.differing)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		if !c.copied(key.references) {
			return fmt.Errorf("rows of %s refer to rows of %s that the standby has not, since %[2]s is not copied (foreign key %[3]s): exclude %[1]s too, or have %[2]s copied", key.table, key.references, key.name)
		}
		switch also, err := p.master.anyRow(ctx, key.everywhere(), nil); {
		case err != nil:
			return err
		case !also: // on the master it is the same: a key that is not enforced
			return errUnseen
		}
	}
	return nil
}

// among tells whether a table, or every partition of it, is in a list.
func (c *catalog) among(list []*table, name string) bool {
	there := false
	for part := range c.tables {
		if !c.is(part, name) {
			continue
		}
		if !slices.ContainsFunc(list, func(t *table) bool { return t.name == part }) {
			return false
		}
		there = true
	}
	return there
}

// anyOrphan looks where orphans of one key can have come from: rows that came,
// and parents that went.
func (p *pair) anyOrphan(ctx context.Context, key foreignKey, changed []*difference) (bool, error) {
	for _, d := range changed {
		for _, look := range d.suspects(p.at, key) {
			there, err := p.standby.anyRow(ctx, look.statement, look.keys)
			if there || err != nil {
				return there, err
			}
		}
	}
	return false, nil
}

// suspects are where a difference may have left orphans.
type suspects struct {
	statement string
	keys      keys // its parameters; nil: it has none
}

func (d *difference) suspects(there *catalog, key foreignKey) (list []suspects) {
	came := there.is(d.table.name, key.table) && d.freshRows+d.changedRows > 0
	went := there.is(d.table.name, key.references) && d.bereaves(key)
	switch {
	case !came && !went:
		return nil
	case d.all, came && (d.table.key == nil || d.table.name != key.table), went && !slices.Equal(d.table.key, key.referenced):
		return []suspects{{statement: key.everywhere()}}
	}
	if came {
		given, condition := d.table.matching()
		statement := fmt.Sprintf("SELECT FROM public.%s t JOIN %s ON %s WHERE %s LIMIT 1", quoted(key.table), given, condition, key.orphaned())
		list = append(list, suspects{statement, d.fresh}, suspects{statement, d.changed})
	}
	if went {
		list = append(list, suspects{key.bereft(d.table), d.gone})
	}
	return slices.DeleteFunc(list, func(s suspects) bool { return s.keys.count() == 0 })
}

// everywhere looks at all rows that refer by a key.
func (k foreignKey) everywhere() string {
	return fmt.Sprintf("SELECT FROM public.%s t WHERE %s LIMIT 1", quoted(k.table), k.orphaned())
}

// bereft looks at the rows that refer to given ones of their parent table.
func (k foreignKey) bereft(parent *table) string {
	given, _ := parent.matching()
	var equal []string
	for i, column := range k.columns {
		equal = append(equal, fmt.Sprintf("t.%s = g.k%d::%s", quoted(column), i, parent.kind(k.referenced[i])))
	}
	return fmt.Sprintf("SELECT FROM public.%s t JOIN %s ON %s WHERE %s LIMIT 1", quoted(k.table), given, strings.Join(equal, " AND "), k.orphaned())
}

// anyRow tells whether a statement gives a row, for some of the keys.
func (s *side) anyRow(ctx context.Context, statement string, k keys) (bool, error) {
	for at := 0; at == 0 && k == nil || at < k.count(); at += chunk {
		rows, err := s.stream(ctx, query{statement, k.part(at, min(at+chunk, k.count()))}, nil)
		if rows > 0 || err != nil {
			return rows > 0, err
		}
	}
	return false, nil
}
