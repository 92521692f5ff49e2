package wazodb

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.tsv
var files embed.FS

type column struct {
	table, name, kind    string
	notNull, key, serial bool
}

// limit is the most characters that a column of limited length takes, or 0.
func (c column) limit() int {
	_, text, _ := strings.Cut(c.kind, "(")
	text, _, _ = strings.Cut(text, ")")
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

type index struct {
	table, name, kind, method, predicate string
	columns                              []string // names or expressions
}

func (i index) unique() bool { return i.kind == "primary" || i.kind == "unique" }

// names reports whether the index is about a column, itself or in an expression.
func (i index) names(column string) bool {
	return slices.ContainsFunc(i.columns, func(c string) bool { return c == column || strings.Contains(c, "("+column) })
}

type foreignKey struct {
	name, table, parent, onDelete string
	columns, parentColumns        []string
}

// layout is the files' content.
type layout struct {
	tables  map[string][]column
	indexes []index
	keys    []foreignKey
	enums   map[string][]string
	rows    map[string]int // of 5,000 users
}

// Tables are the names of all tables, sorted.
func Tables() ([]string, error) {
	l, err := readLayout()
	return slices.Sorted(maps.Keys(l.tables)), err
}

func readLayout() (layout, error) {
	l := layout{tables: map[string][]column{}, enums: map[string][]string{}, rows: map[string]int{}}
	for _, step := range []struct {
		file   string
		fields int
		take   func(f []string) error
	}{
		{"tables.tsv", 7, l.takeColumn}, {"indexes.tsv", 6, l.takeIndex}, {"foreign-keys.tsv", 6, l.takeKey},
		{"enums.tsv", 2, l.takeEnum}, {"rows.tsv", 2, l.takeRows},
	} {
		if err := readTSV(step.file, step.fields, step.take); err != nil {
			return layout{}, err
		}
	}
	return l, nil
}

func readTSV(name string, fields int, take func(f []string) error) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != fields {
			return fmt.Errorf("reading %s: line %d has %d fields", name, i+1, len(f))
		}
		if i == 0 { // the heading
			continue
		}
		if err := take(f); err != nil {
			return fmt.Errorf("reading %s: line %d: %w", name, i+1, err)
		}
	}
	return nil
}

func (l *layout) takeColumn(f []string) error {
	l.tables[f[0]] = append(l.tables[f[0]], column{f[0], f[1], f[2], f[3] != "", f[4] != "", f[6] != ""})
	return nil
}

func (l *layout) takeIndex(f []string) error {
	l.indexes = append(l.indexes, index{f[0], f[1], f[2], f[3], f[5], strings.Split(f[4], ",")})
	return nil
}

func (l *layout) takeKey(f []string) error {
	l.keys = append(l.keys, foreignKey{f[0], f[1], f[3], f[5], strings.Split(f[2], ","), strings.Split(f[4], ",")})
	return nil
}

func (l *layout) takeEnum(f []string) error {
	l.enums[f[0]] = strings.Split(f[1], "|")
	return nil
}

func (l *layout) takeRows(f []string) (err error) {
	l.rows[f[0]], err = strconv.Atoi(f[1])
	return err
}
