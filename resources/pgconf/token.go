package pgconf

import "strings"

// token is a word of pg_hba.conf; a quoted one has no special meaning.
type token struct {
	text   string
	quoted bool
}

// record is a logical line of pg_hba.conf: fields, each a list of tokens.
type record struct {
	line   int // of its first physical line, from 1
	fields [][]token
}

// records splits a text into logical lines. A line that ends with a backslash
// goes on (version 14 and later).
func records(text string) []record {
	var list []record
	number, began, logical := 0, 0, ""
	for line := range strings.Lines(text) {
		number++
		if logical == "" {
			began = number
		}
		content := strings.TrimRight(line, "\r\n")
		if more, goesOn := strings.CutSuffix(content, `\`); goesOn {
			logical += more
			continue
		}
		if fields := split(logical + content); len(fields) > 0 {
			list = append(list, record{line: began, fields: fields})
		}
		logical = ""
	}
	if fields := split(logical); len(fields) > 0 {
		list = append(list, record{line: began, fields: fields})
	}
	return list
}

// split cuts a logical line into fields. Fields are separated by white space,
// the tokens of a field by commas; a comment begins at an unquoted #.
func split(line string) [][]token {
	var fields [][]token
	var field []token
	for {
		line = strings.TrimLeft(line, " \t\v\f\r")
		if line == "" || line[0] == '#' {
			break
		}
		var t token
		var listGoesOn bool
		t, listGoesOn, line = next(line)
		field = append(field, t)
		if !listGoesOn {
			fields, field = append(fields, field), nil
		}
	}
	if field != nil {
		fields = append(fields, field)
	}
	return fields
}

// next cuts the first token off a line; comma tells whether one follows it.
func next(line string) (t token, comma bool, rest string) {
	inQuotes := false
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			if inQuotes && i+1 < len(line) && line[i+1] == '"' {
				b.WriteByte('"')
				i++
				continue
			}
			inQuotes, t.quoted = !inQuotes, true
		case !inQuotes && c == ',':
			t.text = b.String()
			return t, true, line[i+1:]
		case !inQuotes && (strings.IndexByte(" \t\v\f\r", c) >= 0 || c == '#'):
			t.text = b.String()
			return t, false, line[i:]
		default:
			b.WriteByte(c)
		}
	}
	t.text = b.String()
	return t, false, ""
}
