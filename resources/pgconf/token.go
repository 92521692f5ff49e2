package pgconf

import "strings"

// blanks separate the fields of pg_hba.conf; no other white space does.
const blanks = " \t\r"

// token is a word of pg_hba.conf; one that begins with a quote is no keyword.
type token struct {
	text   string
	quoted bool
}

func (t token) is(keyword string) bool { return !t.quoted && t.text == keyword }

// file is the name in @name; ok is false for any other word.
func (t token) file() (name string, ok bool) {
	name, ok = strings.CutPrefix(t.text, "@")
	return name, ok && name != "" && !t.quoted
}

// record is a logical line of pg_hba.conf: fields, each a list of tokens.
type record struct {
	line, last int // its first and last physical line, from 1
	fields     [][]token
}

// word is the first token of a field; the zero token where there is none.
func (r record) word(field int) token {
	if field >= len(r.fields) || len(r.fields[field]) == 0 {
		return token{}
	}
	return r.fields[field][0]
}

// records splits a text into logical lines. A line that ends with a backslash
// goes on (version 14 and later), a comment as well.
func records(text string) []record {
	var list []record
	rec, logical, joined := record{line: 1}, "", 0
	end := func() {
		if rec.fields = split(logical); len(rec.fields) > 0 {
			list = append(list, rec)
		}
		rec, logical, joined = record{line: rec.last + 1, last: rec.last}, "", 0
	}
	for line := range strings.Lines(text) {
		rec.last++
		logical = strings.TrimRight(logical+line, "\r\n")
		if len(logical) > joined && strings.HasSuffix(logical, `\`) {
			logical = logical[:len(logical)-1]
			joined = len(logical)
			continue
		}
		end()
	}
	end()
	return list
}

// split cuts a logical line into fields. Fields are separated by white space,
// the tokens of a field by commas; a comment begins at an unquoted #.
func split(line string) [][]token {
	var fields [][]token
	for line != "" {
		var field []token
		var t token
		for goesOn, ok := true, true; goesOn; {
			if t, goesOn, ok, line = next(line); ok {
				field = append(field, t)
			}
		}
		if field != nil {
			fields = append(fields, field)
		}
	}
	return fields
}

// next cuts the first token off a line; comma tells whether one ends it. There
// is none (ok is false) where only white space, commas or a comment are left.
func next(line string) (t token, comma, ok bool, rest string) {
	line = strings.TrimLeft(line, blanks+",")
	t.quoted = strings.HasPrefix(line, `"`)
	var b strings.Builder
	inQuotes, sawQuote, i := false, false, 0
scan:
	for ; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '"' && inQuotes && strings.HasPrefix(line[i+1:], `"`):
			b.WriteByte(c)
			i++
		case c == '"':
			inQuotes, sawQuote = !inQuotes, true
		case inQuotes:
			b.WriteByte(c)
		case c == '#':
			i = len(line)
			break scan
		case c == ',':
			comma = true
			break scan
		case strings.IndexByte(blanks, c) >= 0:
			break scan
		default:
			b.WriteByte(c)
		}
	}
	t.text = b.String()
	return t, comma, sawQuote || t.text != "", line[i:]
}
