package dashboard

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/words"
)

// longestText is how much of a text is shown, in characters.
const longestText = 600

// cleaned is a text that can be shown: printable, of one line, and not endless.
func cleaned(s string) string {
	if s = host.OneLine(s); utf8.RuneCountInString(s) > longestText {
		s = string([]rune(s)[:longestText]) + "…"
	}
	return s
}

// span is a part of a text; code is to be typed.
type span struct {
	Text string
	Code bool
}

// spans parts a text that has what is to be typed between backquotes.
func spans(s string) []span {
	var list []span
	for i, part := range strings.Split(cleaned(s), "`") {
		if part != "" {
			list = append(list, span{part, i%2 == 1})
		}
	}
	return list
}

// moment is a time as the page shows it.
type moment struct {
	at, now time.Time
	ageless bool // how long ago it was is no part of it
}

// Known tells whether there is such a time.
func (m moment) Known() bool { return !m.at.IsZero() }

// Stamp is the time for machines.
func (m moment) Stamp() string { return m.at.UTC().Format(time.RFC3339) }

// Clock is the time by the node's clock, with its day unless that is today.
func (m moment) Clock() string {
	at, now := m.at.Local(), m.now.Local()
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format(time.TimeOnly)
	}
	return at.Format("2006-01-02 15:04")
}

// Ago is how long ago it was, or is to come.
func (m moment) Ago() string {
	switch d := m.now.Sub(m.at); {
	case m.ageless:
		return ""
	case d < 0:
		return "in " + words.Age(-d)
	default:
		return words.Age(d) + " ago"
	}
}

// bounded is the beginning of a list, and how many more there are.
func bounded[T any](list []T, most int) (head []T, more int) {
	if len(list) <= most {
		return list, 0
	}
	return slices.Clip(list[:most]), len(list) - most
}

// capitalised begins with a capital letter.
func capitalised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// sentence gives a text the beginning of a sentence, unless it begins with a name.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if strings.ContainsAny(first, "./_:`-") {
		return s
	}
	return capitalised(s)
}

// lastFirst is a list the other way round.
func lastFirst[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// each makes a list of another.
func each[T, U any](list []T, of func(T) U) []U {
	made := make([]U, 0, len(list))
	for _, one := range list {
		made = append(made, of(one))
	}
	return made
}
