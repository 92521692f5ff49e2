package rows

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Versions is what a database says of its release: what each version table says,
// by its name, and "infos.wazo_version" and whatever else of Wazo's table infos
// ends so. Two nodes of one release say the same.
type Versions map[string]string

// Product is the release as its maker calls it; "": the database does not tell.
func (v Versions) Product() string {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if strings.HasPrefix(name, infos+".") {
			return v[name]
		}
	}
	return ""
}

const (
	infos         = "infos"
	versionSuffix = "_version"
)

// ReadVersions asks one database. Nothing is written. An error names the node as
// it is called here.
func ReadVersions(ctx context.Context, node string, connect Connect, classes Classes) (Versions, error) {
	s := &side{name: node}
	conn, err := connect(ctx)
	if err != nil {
		return nil, s.wrap(err)
	}
	s.conn = conn
	defer closeSession(ctx, conn)
	c, err := s.readCatalog(ctx)
	if err != nil {
		return nil, err
	}
	names, statements := c.versions(classes)
	if len(names) == 0 {
		return Versions{}, nil
	}
	results, err := s.results(ctx, statements)
	if err != nil {
		return nil, err
	}
	v := Versions{}
	for i, name := range names {
		v[name] = said(results[i])
	}
	return v, nil
}

// versions are the things that tell the release, and how each is asked.
func (c *catalog) versions(classes Classes) (names, statements []string) {
	for _, name := range classes.Version {
		if t := c.tables[name]; t != nil {
			names, statements = append(names, name), append(statements, t.everything())
		}
	}
	t := c.tables[infos]
	if t == nil {
		return names, statements
	}
	for _, column := range t.columns {
		if strings.HasSuffix(column.name, versionSuffix) {
			names = append(names, infos+"."+column.name)
			statements = append(statements, "SELECT t."+quoted(column.name)+" FROM "+t.from()+" t ORDER BY 1")
		}
	}
	return names, statements
}

// everything selects all rows, for a table of few.
func (t *table) everything() string {
	return "SELECT " + list("t.", t.copied()) + " FROM " + t.from() + " t ORDER BY 1"
}
