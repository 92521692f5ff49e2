package wazodb

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// uuid is a row's own identifier. Tenants and users have the same ones in all
// services.
func (w filler) uuid(c column) value {
	own := c
	switch {
	case strings.HasSuffix(c.name, "tenant_uuid"), c.name == "uuid" && (c.table == "tenant" || strings.HasSuffix(c.table, "_tenant")):
		own = column{table: "tenant", name: "uuid"}
	case strings.HasSuffix(c.name, "user_uuid"), c.name == "uuid" && (c.table == "userfeatures" || strings.HasSuffix(c.table, "_user")):
		own = column{table: "userfeatures", name: "uuid"}
	}
	rows := max(w.count(c.table), 1)
	if own.table != c.table && !w.unique(c) {
		rows = w.count(own.table)
	}
	high, low := w.random(own, "high"), w.random(own, "low")
	return func(b []byte, i int) []byte {
		i %= rows
		var raw [16]byte
		for n, h, l := 0, high(i), low(i); n < 8; n, h, l = n+1, h>>8, l>>8 {
			raw[n], raw[n+8] = byte(h), byte(l)
		}
		raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80 // RFC 9562 §5.4
		for n, from := range []int{0, 4, 6, 8, 10, 16} {
			if n == 5 {
				break
			}
			if n > 0 {
				b = append(b, '-')
			}
			b = hex.AppendEncode(b, raw[from:[]int{4, 6, 8, 10, 16}[n]])
		}
		return b
	}
}

// text is one of a few texts for the column's name, cut to its length. Under a
// unique index the row's number makes it its own.
func (w filler) text(c column) value {
	const digits = 9
	list, limit := texts(c), c.limit()
	unique := w.unique(c)
	if unique && limit > 0 {
		limit = max(limit-digits, 1)
	}
	for i, text := range list {
		if r := []rune(text); limit > 0 && len(r) > limit {
			list[i] = string(r[:limit])
		}
	}
	if !unique {
		return w.oneOf(c, list)
	}
	of := w.oneOf(c, list[:1])
	if numbers(c.name) {
		of = func(b []byte, i int) []byte { return b }
	}
	return func(b []byte, i int) []byte { return strconv.AppendInt(of(b, i), int64(i)+1000, 10) }
}

// numbers reports whether a column holds what is dialled.
func numbers(name string) bool {
	return strings.Contains(name, "exten") || strings.Contains(name, "number") || name == "mailbox" || name == "typeval" || name == "categoryval"
}

// special are the columns whose values their type does not tell.
func (w filler) special(c column) value {
	switch c.table + "." + c.name {
	case "dialaction.event":
		return func(b []byte, i int) []byte {
			return append(b, []string{"noanswer", "busy", "congestion", "chanunavail"}[i%4]...)
		}
	case "dialaction.category":
		return func(b []byte, _ int) []byte { return append(b, "user"...) }
	case "dialaction.categoryval":
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(i/4)+1, 10) }
	case "endpoint_sip_template.parent_uuid":
		of := w.uuid(w.column("endpoint_sip", "uuid"))
		return func(b []byte, i int) []byte { return of(b, i%min(5, w.count("endpoint_sip"))) }
	case "endpoint_sip.template":
		return func(b []byte, i int) []byte { return strconv.AppendBool(b, i < 5) }
	case "phone_number.main":
		return func(b []byte, i int) []byte { return strconv.AppendBool(b, i == 0) }
	case "voicemail.accesstype":
		return func(b []byte, i int) []byte { return append(b, []string{"global", "personal"}[min(i, 1)]...) }
	}
	return nil
}
