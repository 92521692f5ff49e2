package crontab

import (
	"strings"

	"github.com/hotpair/hotpair/resources/pattern"
)

// Job is an entry of a cron file.
type Job struct {
	Schedule string // fields separated by single spaces
	User     string
	Words    []string // of the command, up to the first redirection or operator
	Compound bool     // another command follows: ; && || or &
}

// span is a piece of a text.
type span struct{ from, to int }

func (s span) of(text string) string { return text[s.from:s.to] }

// layout is where the parts of a job stand in its line.
type layout struct {
	schedule []span
	user     span
	words    []span
}

func parseJob(text string) *Job {
	l, ok := locate(text)
	if !ok {
		return nil
	}
	return &Job{
		Schedule: strings.Join(pieces(text, l.schedule), " "), User: l.user.of(text), Words: pieces(text, l.words),
		Compound: compound(text[l.user.to:]),
	}
}

// locate finds the parts of a job; ok is false for any other line.
func locate(text string) (l layout, ok bool) {
	text = strings.TrimRight(text, "\r\n")
	columns := split(text)
	fields := 5
	if len(columns) > 0 && text[columns[0].from] == '@' {
		fields = 1
	}
	if len(columns) < fields+2 {
		return layout{}, false
	}
	l = layout{schedule: columns[:fields], user: columns[fields]}
	l.words = split(text[:commandEnd(text, columns[fields+1].from)])[fields+1:]
	return l, validSchedule(pieces(text, l.schedule)) && userName().MatchString(l.user.of(text))
}

// split finds the words of a text, between spaces and tabs.
func split(text string) []span {
	var list []span
	from := -1
	for i := range len(text) + 1 {
		blank := i == len(text) || text[i] == ' ' || text[i] == '\t'
		switch {
		case blank && from >= 0:
			list = append(list, span{from, i})
			from = -1
		case !blank && from < 0:
			from = i
		}
	}
	return list
}

func pieces(text string, spans []span) []string {
	var list []string
	for _, s := range spans {
		list = append(list, s.of(text))
	}
	return list
}

// commandEnd is where the plain words of a command end: at a redirection with
// the number before it, an operator, a comment, or an unescaped percent sign,
// behind which cron's standard input for it stands.
func commandEnd(text string, from int) int {
	for i := from; i < len(text); i++ {
		begins := i == from || text[i-1] == ' ' || text[i-1] == '\t'
		switch text[i] {
		case '<', '>':
			return beforeNumber(text, from, i)
		case '|', ';', '&':
			return i
		case '#':
			if begins {
				return i
			}
		case '%':
			if text[i-1] != '\\' {
				return i
			}
		}
	}
	return len(text)
}

// compound tells whether a command is followed by another one. An ampersand of a
// redirection, as in 2>&1, does not count.
func compound(command string) bool {
	rest := redirected().ReplaceAllString(command, "")
	return strings.ContainsAny(rest, ";&") || strings.Contains(rest, "||")
}

var redirected = pattern.Lazy(`[<>]&|&>`)

// beforeNumber steps back over a word of digits that touches a redirection.
func beforeNumber(text string, from, at int) int {
	word := max(from, strings.LastIndexAny(text[:at], " \t")+1)
	if strings.Trim(text[word:at], "0123456789") == "" {
		return word
	}
	return at
}

// With returns the job's line with another schedule, user and words in the
// place of its own; spacing and whatever follows the words stay. The number of
// words is the job's.
func (l Line) With(schedule, user string, words []string) Line {
	mark := ""
	if l.Paused {
		mark = pause().FindString(l.Text)
	}
	text := l.Text[len(mark):]
	at, ok := locate(text)
	if !ok || len(words) != len(at.words) {
		return l
	}
	fields, places := strings.Fields(schedule), at.schedule
	if len(fields) != len(places) {
		fields, places = []string{strings.Join(fields, " ")}, []span{{places[0].from, places[len(places)-1].to}}
	}
	places = append(append(append([]span{}, places...), at.user), at.words...)
	return parseLine(mark + replace(text, places, append(append(fields, user), words...)))
}

// replace puts texts in the places of others.
func replace(text string, places []span, texts []string) string {
	var b strings.Builder
	end := 0
	for i, place := range places {
		b.WriteString(text[end:place.from] + texts[i])
		end = place.to
	}
	return b.String() + text[end:]
}
