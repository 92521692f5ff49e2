package wazodb

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"
)

// value appends row i's value of a column in COPY's text format.
type value func(b []byte, i int) []byte

const null = `\N`

// value is how a column's values are made.
func (w filler) value(c column) value {
	if v := w.special(c); v != nil {
		return v
	}
	if key, parent := w.reference(c.table, c.name); key.parent != "" {
		return w.referring(c, key.parent, parent)
	}
	v := w.plain(c)
	if c.notNull || w.unique(c) {
		return v
	}
	random := w.random(c, "null")
	return func(b []byte, i int) []byte {
		if random(i)%4 == 0 {
			return append(b, null...)
		}
		return v(b, i)
	}
}

// referring is the value that row i of the parent has, modulo their number. A
// column that few rows of a platform use is mostly null.
func (w filler) referring(c column, parent, name string) value {
	n := w.count(parent)
	of := w.value(w.column(parent, name))
	every := 1
	switch c.table + "." + c.name {
	case "linefeatures.endpoint_sccp_id", "linefeatures.endpoint_custom_id", "linefeatures.application_uuid", "userfeatures.func_key_template_id", "auth_token.refresh_token_uuid":
		every = 50
	case "userfeatures.voicemailid":
		every = 2
	}
	return func(b []byte, i int) []byte {
		if i%every != 0 {
			return append(b, null...)
		}
		return of(b, i%n)
	}
}

func (w filler) column(table, name string) column {
	for _, c := range w.tables[table] {
		if c.name == name {
			return c
		}
	}
	return column{}
}

// unique reports whether a unique index is about the column.
func (w filler) unique(c column) bool {
	for _, i := range w.indexes {
		if i.table == c.table && i.unique() && i.names(c.name) {
			return true
		}
	}
	return false
}

// random is a number that looks like chance, for each row the same in each run;
// see Steele, Lea and Flood, Fast splittable pseudorandom number generators.
func (w filler) random(c column, purpose string) func(i int) uint64 {
	h := fnv.New64a()
	h.Write([]byte(purpose + "\x00" + c.table + "\x00" + c.name))
	base := h.Sum64() ^ w.Seed*0x9e3779b97f4a7c15
	return func(i int) uint64 {
		z := base + uint64(i+1)*0x9e3779b97f4a7c15
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
}

// plain is a value that refers to nothing.
func (w filler) plain(c column) value {
	kind, _, _ := strings.Cut(c.kind, "(")
	array := strings.HasSuffix(c.kind, "[]")
	switch {
	case array:
		return w.oneOf(c, arrays())
	case c.kind == "uuid" || strings.HasSuffix(c.name, "uuid"):
		return w.uuid(c)
	case kind == "integer" || kind == "smallint":
		return w.integer(c)
	case strings.HasPrefix(kind, "timestamp"):
		return w.timestamp(c)
	case kind == "text" || kind == "character varying":
		return w.text(c)
	case len(w.enums[kind]) > 0:
		return w.enum(c, w.enums[kind])
	}
	return w.oneOf(c, samples(kind))
}

func (w filler) integer(c column) value {
	if w.unique(c) {
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(i)+1, 10) }
	}
	random, most := w.random(c, ""), uint64(2) // most of them are switches
	if strings.Contains(c.name, "id") || strings.Contains(c.name, "time") {
		most = 5000
	}
	return func(b []byte, i int) []byte { return strconv.AppendUint(b, random(i)%most, 10) }
}

// timestamp goes on by 37 seconds a row.
func (w filler) timestamp(c column) value {
	start, random := time.Date(2026, 1, 15, 8, 0, 0, 0, time.UTC), w.random(c, "")
	offsets := []string{"+00", "+01", "+05:45", "-03:30", "-11", "+12:45:30"}
	if strings.Contains(c.kind, "without") {
		offsets = []string{""}
	}
	return func(b []byte, i int) []byte {
		r := random(i)
		at := start.Add(time.Duration(i)*37*time.Second + time.Duration(r%1e6)*time.Microsecond)
		return append(at.AppendFormat(b, "2006-01-02 15:04:05.000000"), offsets[r>>32%uint64(len(offsets))]...)
	}
}

// enum takes the labels in turn. Under a unique index with a reference a label
// comes again only after all the parents had it.
func (w filler) enum(c column, labels []string) value {
	turn := 1
	for _, x := range w.indexes {
		if x.table != c.table || !x.unique() || !x.names(c.name) {
			continue
		}
		for _, name := range x.columns {
			if key, _ := w.reference(c.table, name); key.parent != "" {
				turn = w.count(key.parent)
			}
		}
	}
	return func(b []byte, i int) []byte { return append(b, labels[i/turn%len(labels)]...) }
}

// oneOf takes one of a few values for each row.
func (w filler) oneOf(c column, list []string) value {
	random, escape := w.random(c, ""), strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)
	escaped := make([]string, len(list))
	for i, text := range list {
		escaped[i] = escape.Replace(text)
	}
	return func(b []byte, i int) []byte { return append(b, escaped[random(i)%uint64(len(escaped))]...) }
}
