package rows

import (
	"fmt"
	"strings"
)

// hashing is how a table's rows are hashed.
type hashing struct {
	records bool // values as they are, which PostgreSQL can from version 14 on; otherwise the row's text
	wide    bool // in 128 bits instead of 64
}

// hashed is a subquery x of columns of t, and a hash h of each row; where hashes
// are wide another one, g.
func (t *table) hashed(columns []string, from string) string {
	function, content := "hashtextextended", t.content()
	if t.hash.records {
		function, content = "hash_record_extended", t.record()
	}
	if !t.hash.wide {
		return fmt.Sprintf("(SELECT %s FROM %s OFFSET 0) x", strings.Join(append(columns, function+"("+content+", 0) AS h"), ", "), from)
	}
	return fmt.Sprintf("(SELECT *, %s(y.r, 0) AS h, %[1]s(y.r, 7046029254386353131) AS g FROM (SELECT %s FROM %s OFFSET 0) y OFFSET 0) x",
		function, strings.Join(append(columns, content+" AS r"), ", "), from)
}

// hashes are a row's hashes.
func (t *table) hashes() string {
	if t.hash.wide {
		return "x.h::text || ' ' || x.g"
	}
	return "x.h"
}

// digest gives the number of rows and a sum of their hashes, of each bucket.
func (t *table) digest(buckets int) string {
	sum := "coalesce(sum(" + mixed("x.h") + "), 0)::text"
	if t.hash.wide {
		sum += " || ' ' || coalesce(sum(" + mixed("x.g") + "), 0)"
	}
	if buckets == 1 {
		return "SELECT '0', count(*)::text, " + sum + " FROM " + t.hashed(nil, t.from()+" t")
	}
	return "SELECT x.b::text, count(*)::text, " + sum + " FROM " + t.hashed([]string{t.bucket(buckets) + " AS b"}, t.from()+" t") + " GROUP BY x.b"
}

// mixed makes of a hash one that can be summed: a record's is linear in its
// values', so that the sum would stay the same when two rows exchange a value.
// What hashes an integer folds it to 32 bits, so its upper half is the seed.
func mixed(hash string) string {
	return fmt.Sprintf("hashint8extended(%s, hashint8extended(%[1]s >> 32, 0))", hash)
}

// record is a row as hash_record takes it: each value in a form whose hash tells
// all values of its type apart. Types of which that is not known are a text
// together.
func (t *table) record() string {
	var parts, others []string
	for _, name := range t.copied() {
		if given, known := t.exact(name); known {
			parts = append(parts, given)
		} else {
			others = append(others, "t."+quoted(name))
		}
	}
	if len(others) > 0 {
		parts = append(parts, "ROW("+strings.Join(others, ", ")+")::text COLLATE \"C\"")
	}
	return "ROW(" + strings.Join(parts, ", ") + ")"
}

// exact gives a value in a form that is hashed exactly. Collations may take
// texts for equal, enums are hashed by their OIDs, and integers of 64 bits, as
// timestamps are, by 32.
func (t *table) exact(name string) (string, bool) {
	c, _ := t.column(name)
	value := "t." + quoted(name)
	switch {
	case c.enum:
		return value + "::text COLLATE \"C\"", true
	case strings.HasSuffix(c.kind, "[]"):
		return "", false
	case c.kind == "text" || strings.HasPrefix(c.kind, "character varying"):
		return value + " COLLATE \"C\"", true
	case strings.HasPrefix(c.kind, "timestamp") && strings.HasSuffix(c.kind, " without time zone"):
		return "timestamp_send(" + value + ")", true
	case strings.HasPrefix(c.kind, "timestamp") && strings.HasSuffix(c.kind, " with time zone"):
		return "timestamptz_send(" + value + ")", true
	}
	switch c.kind {
	case "smallint", "integer", "boolean", "date", "uuid", "bytea":
		return value, true
	case "bigint":
		return "int8send(" + value + ")", true
	}
	return "", false
}
