package rows

import (
	"context"
	"slices"
	"strings"
)

// A column of a table, in the order of the table.
type column struct {
	name      string
	kind      string // as format_type gives it: "character varying(64)"
	notNull   bool
	generated bool // computed by the server: never copied
	enum      bool
}

// A table and what identifies its rows.
type table struct {
	name    string
	columns []column
	key     []string // the columns that identify a row; none: the row's whole content does
	hash    hashing
}

// A foreignKey from one table to another.
type foreignKey struct {
	name, table, references string
	columns, referenced     []string
	onDelete                string // pg_constraint.confdeltype: a, r, c, n, d
}

// catalog is what a database has in schema public.
type catalog struct {
	tables    map[string]*table
	numbers   map[string]map[string]string // table → number of a column → its name
	keys      []foreignKey
	sequences map[string]string   // name → the table that owns it, "" where none does
	enums     map[string][]string // type → labels
	whole     map[string]string   // partition → the table that it is a part of
	firing    map[string][]string // table → triggers and rules that replica role does not switch off
}

// readCatalog reads what there is.
func (s *side) readCatalog(ctx context.Context) (*catalog, error) {
	c := &catalog{tables: map[string]*table{}, numbers: map[string]map[string]string{}, sequences: map[string]string{}, enums: map[string][]string{}, firing: map[string][]string{}, whole: map[string]string{}}
	results, err := s.results(ctx, []string{s.queryColumns(), queryUnique, queryForeign, querySequences, queryEnums, queryPartitions, queryFiring})
	if err != nil {
		return nil, err
	}
	for i, take := range []func(row []string){
		c.takeColumn, c.takeUnique, c.takeForeign,
		func(row []string) { c.sequences[row[0]] = row[1] },
		func(row []string) { c.enums[row[0]] = append(c.enums[row[0]], row[1]) },
		func(row []string) { c.whole[row[0]] = row[1] },
		func(row []string) { c.firing[row[0]] = append(c.firing[row[0]], row[1]) },
	} {
		for _, row := range results[i] {
			take(row)
		}
	}
	return c, nil
}

func (c *catalog) takeColumn(row []string) {
	name := row[0]
	if c.numbers[name] == nil {
		c.numbers[name] = map[string]string{}
	}
	c.numbers[name][row[5]] = row[1]
	if row[6] != "r" {
		return
	}
	t := c.tables[name]
	if t == nil {
		t = &table{name: name}
		c.tables[name] = t
	}
	t.columns = append(t.columns, column{name: row[1], kind: row[2], notNull: row[3] == "t", generated: row[4] == "t", enum: row[7] == "e"})
}

// named are the columns of a table that have these numbers.
func (c *catalog) named(table, numbers string) []string {
	list := strings.Fields(numbers)
	for i, n := range list {
		list[i] = c.numbers[table][n]
	}
	return list
}

// takeUnique takes the first unique index whose columns are never null: the
// primary key where there is one.
func (c *catalog) takeUnique(row []string) {
	t, columns := c.tables[row[0]], c.named(row[0], row[1])
	if t == nil || t.key != nil || slices.ContainsFunc(columns, func(name string) bool { return !t.identifies(name) }) {
		return
	}
	t.key = columns
}

func (c *catalog) takeForeign(row []string) {
	c.keys = append(c.keys, foreignKey{name: row[0], table: row[1], references: row[2], onDelete: row[3],
		columns: c.named(row[1], row[4]), referenced: c.named(row[2], row[5])})
}

func (t *table) column(name string) (column, bool) {
	i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
	if i < 0 {
		return column{}, false
	}
	return t.columns[i], true
}

// identifies tells whether a column may be part of the key.
func (t *table) identifies(name string) bool {
	c, is := t.column(name)
	return is && c.notNull && !c.generated
}

// copied are the columns that are compared and copied.
func (t *table) copied() []string {
	var names []string
	for _, c := range t.columns {
		if !c.generated {
			names = append(names, c.name)
		}
	}
	return names
}
