package rows

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// An Action is what a foreign key did on the standby to rows that are not
// copied, because their parent row went.
type Action struct {
	Key, Table, References, What string
	Rows                         int64
}

// actions carries out the foreign keys' own ON DELETE actions on tables that
// are not copied. In replica role the server does not do it itself; here it
// does again, so that an action has those that follow from it.
func (p *pair) actions(ctx context.Context, changed []*difference, c Classes) ([]Action, error) {
	keys := p.bereaved(changed, c)
	if len(keys) == 0 {
		return nil, nil
	}
	if err := p.standby.exec(ctx, "SET LOCAL session_replication_role = origin; SET LOCAL search_path = public, pg_catalog"); err != nil {
		return nil, err
	}
	var done []Action
	for _, key := range keys {
		action, err := p.act(ctx, key)
		if err != nil {
			return nil, err
		}
		if action.Rows > 0 {
			done = append(done, action)
		}
	}
	return done, p.standby.exec(ctx, "SET LOCAL session_replication_role = replica; SET LOCAL search_path = pg_catalog")
}

// bereaved are the keys of tables that are not copied whose rows may have lost
// their parent. Those that only forbid come last: another key's action may have
// taken the rows.
func (p *pair) bereaved(changed []*difference, c Classes) (keys []foreignKey) {
	for _, key := range p.at.keys {
		if !c.copied(key.table) && slices.ContainsFunc(changed, func(d *difference) bool { return p.at.is(d.table.name, key.references) && d.bereaves(key) }) {
			keys = append(keys, key)
		}
	}
	slices.SortStableFunc(keys, func(a, b foreignKey) int { return a.forbids() - b.forbids() })
	return keys
}

// is tells whether a table is another one, or a partition of it.
func (c *catalog) is(name, other string) bool { return name == other || c.whole[name] == other }

// forbids is 1 where a parent must not go.
func (k foreignKey) forbids() int {
	if strings.Contains("cnd", k.onDelete) {
		return 0
	}
	return 1
}

// bereaves tells whether rows that refer to the table by this key may have lost
// their parent.
func (d *difference) bereaves(key foreignKey) bool {
	return d.goneRows > 0 || d.all || d.changedRows > 0 && !slices.Equal(d.table.key, key.referenced)
}

func (p *pair) act(ctx context.Context, key foreignKey) (Action, error) {
	a := Action{Key: key.name, Table: key.table, References: key.references}
	from := "public." + quoted(key.table)
	var statement string
	switch key.onDelete {
	case "c":
		a.What, statement = "deleted", fmt.Sprintf("DELETE FROM %s t WHERE %s", from, key.orphaned())
	case "n", "d":
		to, what := "NULL", "set to null"
		if key.onDelete == "d" {
			to, what = "DEFAULT", "set to default"
		}
		var sets []string
		for _, column := range key.columns {
			sets = append(sets, quoted(column)+" = "+to)
		}
		a.What, statement = what, fmt.Sprintf("UPDATE %s t SET %s WHERE %s", from, strings.Join(sets, ", "), key.orphaned())
	default:
		statement = fmt.Sprintf("SELECT FROM %s t WHERE %s", from, key.orphaned())
	}
	rows, err := p.standby.stream(ctx, query{text: statement}, nil)
	a.Rows = rows
	if err == nil && a.What == "" && rows > 0 {
		return a, fmt.Errorf("%d rows of %s on the standby refer to rows of %s that the master no longer has, and its foreign key %s forbids that: delete them there, or exclude %s", rows, key.table, key.references, key.name, key.references)
	}
	return a, err
}

// orphaned is the condition of a row whose parent is not there.
func (k foreignKey) orphaned() string {
	var filled, equal []string
	for i, column := range k.columns {
		filled = append(filled, "t."+quoted(column)+" IS NOT NULL")
		equal = append(equal, "p."+quoted(k.referenced[i])+" = t."+quoted(column))
	}
	return fmt.Sprintf("%s AND NOT EXISTS (SELECT FROM public.%s p WHERE %s)", strings.Join(filled, " AND "), quoted(k.references), strings.Join(equal, " AND "))
}
