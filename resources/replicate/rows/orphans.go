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
	keys, queries := p.doubtful(f, c)
	counts, err := p.standby.counts(ctx, queries)
	for i := 0; err == nil && i < len(counts); i++ {
		if counts[i] > 0 {
			err = p.orphaned(ctx, keys[i], c)
		}
	}
	return err
}

// doubtful are the keys that may have orphans, and where to look for them.
func (p *pair) doubtful(f findings, c Classes) (keys []foreignKey, queries []query) {
	for _, key := range p.at.keys {
		if !c.copied(key.table) || p.at.among(f.compared, key.table) && p.at.among(f.compared, key.references) {
			continue
		}
		for _, d := range f.differing {
			for _, q := range d.suspects(p.at, key) {
				keys, queries = append(keys, key), append(queries, q)
			}
		}
	}
	return keys, queries
}

// orphaned tells what is to be done about orphans of a key.
func (p *pair) orphaned(ctx context.Context, key foreignKey, c Classes) error {
	if !c.copied(key.references) {
		return fmt.Errorf("rows of %s refer to rows of %s that the standby has not, since %[2]s is not copied (foreign key %[3]s): exclude %[1]s too, or have %[2]s copied", key.table, key.references, key.name)
	}
	also, err := p.master.counts(ctx, []query{key.everywhere()})
	if err == nil && also[0] == 0 {
		return errUnseen
	}
	return err // on the master it is the same: a key that is not enforced
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

// suspects are where a difference can have left orphans of a key: rows that
// came, and those whose parents went.
func (d *difference) suspects(there *catalog, key foreignKey) (list []query) {
	came := there.is(d.table.name, key.table) && d.freshRows+d.changedRows > 0
	went := there.is(d.table.name, key.references) && d.bereaves(key)
	switch {
	case !came && !went:
		return nil
	case d.all, came && (d.table.key == nil || d.table.name != key.table), went && !slices.Equal(d.table.key, key.referenced):
		return []query{key.everywhere()}
	}
	if came {
		given, condition := d.table.matching()
		list = d.pieces(fmt.Sprintf("SELECT FROM public.%s t JOIN %s ON %s WHERE %s LIMIT 1", quoted(key.table), given, condition, key.orphaned()), d.fresh, d.changed)
	}
	if went {
		list = append(list, d.pieces(key.bereft(d.table), d.gone)...)
	}
	return list
}

// everywhere looks at all rows that refer by a key.
func (k foreignKey) everywhere() query {
	return query{text: fmt.Sprintf("SELECT FROM public.%s t WHERE %s LIMIT 1", quoted(k.table), k.orphaned())}
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
