package pgconf

import (
	"strconv"
	"strings"

	"github.com/hotpair/hotpair/resources/pattern"
)

// The words of postgresql.conf. A name with more than one dot is no name, and
// a value without quotes that looks like a name with one dot is no value.
const (
	nameWord     = `[A-Za-z_[:^ascii:]][A-Za-z0-9_[:^ascii:]]*`
	unquotedWord = `[A-Za-z_[:^ascii:]][A-Za-z0-9_.:/[:^ascii:]-]*`
	numberWord   = `[-+]?(?:[0-9]+|0x[0-9A-Fa-f]+)[A-Za-z]*|[-+]?[0-9]*\.[0-9]*(?:[Ee][-+]?[0-9]+)?`
	quotedWord   = `'(?:[^'\\\n]|\\[^\n]|'')*'`
)

var (
	wordPattern   = pattern.Longest(`^(?:` + unquotedWord + `|` + numberWord + `|` + quotedWord + `|=)`)
	namePattern   = pattern.Longest(`^` + nameWord + `(?:\.` + nameWord + `)?$`)
	dottedPattern = pattern.Longest(`^` + nameWord + `\.` + nameWord + `$`)
)

// assignment reads a line: a name, perhaps an equals sign, a value that may be
// quoted, perhaps a comment. A line that PostgreSQL would not take, and refuse
// the file for, is none.
func assignment(line string) (key, value string, ok bool) {
	words, ok := lineWords(line)
	if ok && len(words) == 3 && words[1] == "=" {
		words = append(words[:1], words[2])
	}
	if !ok || len(words) != 2 || !namePattern().MatchString(words[0]) || words[1] == "=" || dottedPattern().MatchString(words[1]) {
		return "", "", false
	}
	key = lower(words[0])
	if strings.HasPrefix(words[1], "'") {
		return key, unquote(words[1]), true
	}
	return key, words[1], true
}

// lineWords splits a line up to its comment; ok is false where something is no
// word.
func lineWords(line string) (words []string, ok bool) {
	line = strings.TrimSuffix(line, "\n")
	for {
		line = strings.TrimLeft(line, blanks)
		if line == "" || line[0] == '#' {
			return words, true
		}
		word := wordPattern().FindString(line)
		if word == "" {
			return nil, false
		}
		words, line = append(words, word), line[len(word):]
	}
}

// lower folds ASCII only, as PostgreSQL compares names.
func lower(text string) string {
	folded := []byte(text)
	for i, c := range folded {
		if c >= 'A' && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return string(folded)
}

var octal = pattern.Lazy(`^[0-7]{1,3}`)

// unquote reads a quoted value; a quote in it is doubled or escaped.
func unquote(text string) string {
	text = text[1 : len(text)-1]
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch digits := octal().FindString(text[min(i+1, len(text)):]); {
		case c == '\'':
			i++
		case c == '\\' && digits != "":
			n, _ := strconv.ParseUint(digits, 8, 16)
			c = byte(n)
			i += len(digits)
		case c == '\\':
			i++
			c = escaped(text[i])
		}
		b.WriteByte(c)
	}
	value, _, _ := strings.Cut(b.String(), "\x00") // as C does
	return value
}

// escaped is the byte that a letter after a backslash stands for.
func escaped(c byte) byte {
	if i := strings.IndexByte("bfnrt", c); i >= 0 {
		return "\b\f\n\r\t"[i]
	}
	return c
}
