package rows

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The statements of a comparison. They are made of quoted identifiers and of
// types as PostgreSQL names them; no data is in them.

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// from is the table as a statement names it: without those that inherit from
// it, which are tables of their own. A copy has no other.
func (t *table) from() string { return "ONLY public." + quoted(t.name) }

// list joins columns, each with a prefix.
func list(prefix string, names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = prefix + quoted(n)
	}
	return strings.Join(parts, ", ")
}

// content is the text of a row: output functions of the types, so that a scale,
// a blank at the end or a key's place in json counts.
func (t *table) content() string { return "ROW(" + list("t.", t.copied()) + ")::text" }

// count is how many rows there are, as a digest.
func (t *table) count() string { return "SELECT '0', count(*)::text, '' FROM " + t.from() }

// matching joins a table with keys that are handed over as arrays of text.
func (t *table) matching() (given, condition string) {
	if t.key == nil {
		return "unnest($1::text[]) AS g(k0)", "md5(" + t.content() + ") = g.k0"
	}
	var arrays, names, equal []string
	for i, name := range t.key {
		arrays = append(arrays, fmt.Sprintf("$%d::text[]", i+1))
		names = append(names, fmt.Sprintf("k%d", i))
		equal = append(equal, fmt.Sprintf("t.%s = g.k%d::%s", quoted(name), i, t.kind(name)))
	}
	return fmt.Sprintf("unnest(%s) AS g(%s)", strings.Join(arrays, ", "), strings.Join(names, ", ")), strings.Join(equal, " AND ")
}

// remove deletes rows by their keys.
func (t *table) remove() string {
	given, condition := t.matching()
	return fmt.Sprintf("DELETE FROM %s t USING %s WHERE %s", t.from(), given, condition)
}

// fetch gives rows by their keys.
func (t *table) fetch() string {
	given, condition := t.matching()
	return fmt.Sprintf("SELECT %s FROM %s t JOIN %s ON %s", list("t.", t.copied()), t.from(), given, condition)
}

// copyIn and copyOut are the two ends of a copy. Neither knows of tables that
// inherit from this one.
func (t *table) copyIn() string { return t.copy() + " FROM STDIN" }

func (t *table) copyOut() string { return t.copy() + " TO STDOUT" }

func (t *table) copy() string {
	return fmt.Sprintf("COPY public.%s (%s)", quoted(t.name), list("", t.copied()))
}
