package rows

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// bucket is the number of a row's bucket, of a power of two of them.
func (t *table) bucket(buckets int) string { return fmt.Sprintf("%s & %d", t.keyHash(), buckets-1) }

// keyHash is a hash of a row's key. Each column's hash is the next one's seed. An
// enum has few values, and its text takes longest: it is left out where there is
// another column.
func (t *table) keyHash() string {
	columns := slices.DeleteFunc(slices.Clone(t.key), t.enum)
	if len(columns) == 0 {
		columns = t.key
	}
	hash := "0"
	for _, name := range columns {
		switch column := "t." + quoted(name); {
		case t.numeric(name):
			hash = "hashint8extended(" + column + ", " + hash + ")"
		case t.native(name):
			hash = "uuid_hash_extended(" + column + ", " + hash + ")"
		default:
			hash = "hashtextextended(" + column + "::text COLLATE \"C\", " + hash + ")"
		}
	}
	return hash
}

// ordered gives key and hash of every row, or of those in the buckets whose bits
// are set in the parameter, in an order that is the same on every server: that of
// numbers, or of bytes. Without a key it gives each content's hash and how often it
// is there. To sort by texts takes as long as all the rest, so a hash of the key
// comes before them.
func (t *table) ordered(buckets int) string {
	if t.key == nil {
		return fmt.Sprintf("SELECT md5(x.r), count(*)::text FROM (SELECT %s AS r FROM %s t OFFSET 0) x GROUP BY 1 ORDER BY md5(x.r) COLLATE \"C\"", t.content(), t.from())
	}
	var inner, outer, order []string
	if t.led() {
		inner, outer, order = []string{t.keyHash() + " AS o"}, []string{"x.o"}, []string{"x.o"}
	}
	for i, name := range t.key {
		k := fmt.Sprintf("x.k%d", i)
		inner, outer, order = append(inner, t.keyText(name)+fmt.Sprintf(" AS k%d", i)), append(outer, k), append(order, t.inOrder(name, k))
	}
	from := t.from() + " t"
	if buckets > 1 {
		from += " WHERE get_bit(($1::text[])[1]::bytea, (" + t.bucket(buckets) + ")::int) = 1"
	}
	return fmt.Sprintf("SELECT %s, %s FROM %s ORDER BY %s", strings.Join(outer, ", "), t.hashes(), t.hashed(inner, from), strings.Join(order, ", "))
}

// led tells whether rows are sorted by a hash of their key first.
func (t *table) led() bool {
	return slices.ContainsFunc(t.key, func(name string) bool { return !t.native(name) })
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

func (t *table) enum(name string) bool {
	c, _ := t.column(name)
	return c.enum
}

func (t *table) kind(name string) string {
	c, _ := t.column(name)
	return c.kind
}

// order compares the keys of two rows as the servers sort them.
type order []bool // of each column of the key: whether it is a number

func (o order) compare(a, b row) int {
	for i, numeric := range o {
		x, y := a.value(i), b.value(i)
		c := 0
		if numeric {
			c = cmp.Compare(whole(x), whole(y))
		} else {
			c = bytes.Compare(x, y)
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// whole reads a number that PostgreSQL wrote.
func whole(digits []byte) int64 {
	negative := len(digits) > 0 && digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	var n int64
	for _, d := range digits {
		n = n*10 - int64(d-'0')
	}
	if negative {
		return n
	}
	return -n
}

// same tells whether the values behind the key are the same.
func (o order) same(a, b row, width int) bool {
	for i := len(o); i < width; i++ {
		if !bytes.Equal(a.value(i), b.value(i)) {
			return false
		}
	}
	return true
}
