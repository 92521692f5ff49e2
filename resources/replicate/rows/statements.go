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

// bucket is the number of a row's bucket, of a power of two of them. Each
// column's hash is the next one's seed.
func (t *table) bucket(buckets int) string {
	hash := "0"
	for _, name := range t.key {
		switch column := "t." + quoted(name); {
		case t.numeric(name):
			hash = "hashint8extended(" + column + ", " + hash + ")"
		case t.native(name):
			hash = "uuid_hash_extended(" + column + ", " + hash + ")"
		default:
			hash = "hashtextextended(" + column + "::text COLLATE \"C\", " + hash + ")"
		}
	}
	return fmt.Sprintf("%s & %d", hash, buckets-1)
}

// ordered gives key and hash of every row, or of those in the buckets that are
// handed over, in an order that is the same on every server: that of numbers, or
// of bytes. Without a key it gives each content's hash and how often it is there.
func (t *table) ordered(buckets int) string {
	if t.key == nil {
		return fmt.Sprintf("SELECT md5(x.r), count(*)::text FROM (SELECT %s AS r FROM %s t OFFSET 0) x GROUP BY 1 ORDER BY md5(x.r) COLLATE \"C\"", t.content(), t.from())
	}
	var inner, outer, order []string
	for i, name := range t.key {
		inner = append(inner, t.keyText(name)+fmt.Sprintf(" AS k%d", i))
		outer = append(outer, fmt.Sprintf("x.k%d", i))
		order = append(order, t.inOrder(name, outer[i]))
	}
	from := t.from() + " t"
	if buckets > 1 {
		from += " JOIN unnest($1::text[]) AS g(b) ON " + t.bucket(buckets) + " = g.b::bigint"
	}
	return fmt.Sprintf("SELECT %s, %s FROM %s ORDER BY %s", strings.Join(outer, ", "), t.hashes(), t.hashed(inner, from), strings.Join(order, ", "))
}

// keyText is a key's column as it is handed over; inOrder how that is sorted.
func (t *table) keyText(name string) string {
	if t.native(name) {
		return "t." + quoted(name)
	}
	return "t." + quoted(name) + "::text"
}

func (t *table) inOrder(name, given string) string {
	if t.native(name) {
		return given
	}
	return given + " COLLATE \"C\""
}

// native tells whether a column sorts the same on every server by itself: a
// number, or a uuid, whose text sorts as its bytes do.
func (t *table) native(name string) bool { return t.numeric(name) || t.kind(name) == "uuid" }

func (t *table) numeric(name string) bool {
	switch t.kind(name) {
	case "smallint", "integer", "bigint":
		return true
	}
	return false
}

func (t *table) kind(name string) string {
	c, _ := t.column(name)
	return c.kind
}

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

// copyIn and copyOut are the two ends of a copy.
func (t *table) copyIn() string {
	return fmt.Sprintf("COPY public.%s (%s) FROM STDIN", quoted(t.name), list("", t.copied()))
}

func (t *table) copyOut() string {
	return fmt.Sprintf("COPY (SELECT %s FROM %s t) TO STDOUT", list("t.", t.copied()), t.from())
}
