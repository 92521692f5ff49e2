package rows

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A column of a table, in the order of the table.
type column struct {
	name      string
	kind      string // as format_type gives it: "character varying(64)"
	notNull   bool
	generated bool // computed by the server: never copied
}

// A table and what identifies its rows.
type table struct {
	name    string
	columns []column
	key     []string // the columns that identify a row; none: the row's whole content does
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
	keys      []foreignKey
	sequences map[string]string   // name → the table that owns it, "" where none does
	enums     map[string][]string // type → labels
	whole     map[string]string   // partition → the table that it is a part of
	firing    map[string][]string // table → triggers and rules that replica role does not switch off
}

const (
	queryColumns = `SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, %s
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum`

	queryUnique = `SELECT c.relname, i.indisprimary, array_to_string(ARRAY(SELECT a.attname FROM unnest(i.indkey[0:i.indnkeyatts-1]) WITH ORDINALITY AS k(num, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num ORDER BY k.place), E'\x01')
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY c.relname, i.indisprimary DESC, i.indnkeyatts, i.indexrelid`

	queryForeign = `SELECT k.conname, c.relname, p.relname, k.confdeltype,
array_to_string(ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS x(num, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.num ORDER BY x.place), E'\x01'),
array_to_string(ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY AS x(num, place) JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = x.num ORDER BY x.place), E'\x01')
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = 'public'::regnamespace AND p.relnamespace = 'public'::regnamespace
ORDER BY k.conname, c.relname`

	querySequences = `SELECT s.relname, coalesce(t.relname, '')
FROM pg_class s LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace ORDER BY s.relname`

	// What fires in replica role too, or only there.
	queryFiring = `SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('A', 'R') AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE r.ev_enabled IN ('A', 'R') AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2`

	queryPartitions = `WITH RECURSIVE up AS (
	SELECT i.inhrelid AS leaf, i.inhparent AS above FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relispartition AND c.relkind = 'r'
	UNION ALL SELECT up.leaf, i.inhparent FROM up JOIN pg_class c ON c.oid = up.above AND c.relispartition JOIN pg_inherits i ON i.inhrelid = c.oid)
SELECT l.relname, t.relname FROM up JOIN pg_class l ON l.oid = up.leaf JOIN pg_class t ON t.oid = up.above
WHERE NOT t.relispartition AND l.relnamespace = 'public'::regnamespace AND t.relnamespace = 'public'::regnamespace`

	queryEnums = `SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typnamespace = 'public'::regnamespace ORDER BY t.typname, e.enumlabel`
)

// queryColumns asks for columns; those that the server computes came with
// PostgreSQL 12.
func (s *side) queryColumns() string {
	generated := "a.attgenerated <> ''"
	if version, _, _ := strings.Cut(s.conn.PgConn().ParameterStatus("server_version"), "."); version == "10" || version == "11" {
		generated = "false"
	}
	return fmt.Sprintf(queryColumns, generated)
}

// readCatalog reads what there is.
func (s *side) readCatalog(ctx context.Context) (*catalog, error) {
	c := &catalog{tables: map[string]*table{}, sequences: map[string]string{}, enums: map[string][]string{}, firing: map[string][]string{}, whole: map[string]string{}}
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
	t := c.tables[row[0]]
	if t == nil {
		t = &table{name: row[0]}
		c.tables[row[0]] = t
	}
	t.columns = append(t.columns, column{name: row[1], kind: row[2], notNull: row[3] == "t", generated: row[4] == "t"})
}

// takeUnique takes the first unique index whose columns are never null: the
// primary key where there is one.
func (c *catalog) takeUnique(row []string) {
	t := c.tables[row[0]]
	columns := strings.Split(row[2], "\x01")
	if t == nil || t.key != nil || slices.ContainsFunc(columns, func(name string) bool { return !t.identifies(name) }) {
		return
	}
	t.key = columns
}

func (c *catalog) takeForeign(row []string) {
	c.keys = append(c.keys, foreignKey{name: row[0], table: row[1], references: row[2], onDelete: row[3],
		columns: strings.Split(row[4], "\x01"), referenced: strings.Split(row[5], "\x01")})
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
