package rows

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Layouts compares what two databases are made of: what keeps them from being
// copied, by the version tables and by tables, columns, sequences and types.
func (j *Job) Layouts(ctx context.Context) (versions, layouts []string, err error) {
	p, err := j.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer p.close(ctx)
	if err := p.readCatalogs(ctx); err != nil {
		return nil, nil, err
	}
	classes := j.Classes.withParts(p.on)
	versions, err = p.versionsApart(ctx, classes)
	return versions, apart(p.on, p.at, classes), err
}

// apart lists in what two catalogs differ that keeps them from being copied.
func apart(master, standby *catalog, c Classes) []string {
	var list []string
	for _, name := range names(master.tables, standby.tables) {
		if !c.copied(name) {
			continue
		}
		a, b := master.tables[name], standby.tables[name]
		switch {
		case b == nil:
			list = append(list, fmt.Sprintf("table %s is on the master only", name))
		case a == nil:
			list = append(list, fmt.Sprintf("table %s is on the standby only", name))
		default:
			list = append(list, columnsApart(a, b)...)
		}
	}
	for _, name := range names(master.sequences, standby.sequences) {
		a, there := master.sequences[name]
		b, also := standby.sequences[name]
		if there != also && c.copied(a+b) {
			list = append(list, fmt.Sprintf("sequence %s is on one node only", name))
		}
	}
	for _, name := range names(master.enums, standby.enums) {
		a, b := master.enums[name], standby.enums[name]
		if a != nil && b != nil && !slices.Equal(a, b) {
			list = append(list, fmt.Sprintf("type %s has other labels", name))
		}
	}
	return list
}

// fires refuses triggers of the standby that would change what is copied.
func (c *catalog) fires(classes Classes) error {
	for _, name := range slices.Sorted(maps.Keys(c.firing)) {
		if classes.copied(name) {
			return fmt.Errorf("on the standby %s of table %s fires while rows are copied and could change them: have it fire for ordinary writes only (ALTER TABLE … ENABLE TRIGGER there), or exclude the table", strings.Join(c.firing[name], ", "), name)
		}
	}
	return nil
}

func columnsApart(a, b *table) []string {
	var list []string
	for _, c := range a.columns {
		other, there := b.column(c.name)
		switch {
		case !there:
			list = append(list, fmt.Sprintf("column %s.%s is on the master only", a.name, c.name))
		case other != c:
			list = append(list, fmt.Sprintf("column %s.%s is %s on the master and %s on the standby", a.name, c.name, c, other))
		}
	}
	for _, c := range b.columns {
		if _, there := a.column(c.name); !there {
			list = append(list, fmt.Sprintf("column %s.%s is on the standby only", a.name, c.name))
		}
	}
	return list
}

func (c column) String() string {
	text := c.kind
	if c.notNull {
		text += " not null"
	}
	if c.generated {
		text += " generated"
	}
	return text
}

func names[A, B any](a map[string]A, b map[string]B) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}

// versionsApart compares the content of the version tables.
func (p *pair) versionsApart(ctx context.Context, c Classes) (apart []string, err error) {
	var shared, statements []string
	for _, name := range c.Version {
		switch a, b := p.on.tables[name], p.at.tables[name]; {
		case a != nil && b != nil:
			shared, statements = append(shared, name), append(statements, a.everything())
		case a != b:
			apart = append(apart, fmt.Sprintf("table %s is on one node only", name))
		}
	}
	if len(shared) == 0 {
		return apart, nil
	}
	var on, at [][][]string
	err = p.both(
		func() (err error) { on, err = p.master.results(ctx, statements); return err },
		func() (err error) { at, err = p.standby.results(ctx, statements); return err },
	)
	for i := 0; err == nil && i < len(shared); i++ {
		if x, y := said(on[i]), said(at[i]); x != y {
			apart = append(apart, fmt.Sprintf("%s says %s on the master and %s on the standby", shared[i], x, y))
		}
	}
	return apart, err
}

// said is what a version table says.
func said(rows [][]string) string {
	var all []string
	for _, row := range rows {
		all = append(all, strings.Join(row, " "))
	}
	return strings.Join(all, ", ")
}
