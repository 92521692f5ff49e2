package main

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hotpair/hotpair/reconcile"
)

// table lays out steps and actions: a mark, a name, an attribute, what happens
// to it, and where that was declared.
type table struct {
	colour  bool
	details bool   // every attribute, also where a summary says it
	command string // that takes --allow
	rows    []row
}

type row struct {
	mark, colour                 string
	name, attribute, text, where string
	origin                       string // where, also when it is not repeated
}

// The colours of marks, as SGR parameters (ECMA-48).
const (
	red     = "31"
	green   = "32"
	yellow  = "33"
	magenta = "35"
	cyan    = "36"
)

func (a *app) table() *table {
	return &table{colour: a.colour(a.out), details: a.details, command: "hotpair apply"}
}

func (t *table) empty() bool { return len(t.rows) == 0 }

// step adds a row for each attribute, or only for those named. Of a thing of
// many attributes it adds what its kind says in a few lines.
func (t *table) step(s reconcile.Step, only []string) {
	r := row{name: s.ID.String()}
	r.mark, r.colour = verbMark(s.Verb())
	if s.Held != "" {
		r.mark, r.colour = "?", magenta
	}
	if s.Summary != nil && !t.details {
		for _, line := range s.Summary {
			r.attribute, r.text, _ = strings.Cut(line, ": ")
			r = t.add(r, where(s, len(s.Drifted) > 0))
		}
		return
	}
	for _, attr := range s.Attributes() {
		if only == nil || slices.Contains(only, attr.Name) {
			r.attribute, r.text = attr.Name, attr.Transition()
			r = t.add(r, where(s, slices.Contains(s.Drifted, attr.Name)))
		}
	}
}

// where tells where a change comes from.
func where(s reconcile.Step, drifted bool) string {
	if s.Held != "" {
		return clean(s.Held)
	}
	if drifted {
		return "drift: in order until " + s.Settled.Local().Format("2006-01-02 15:04")
	}
	return clean(path.Base(s.Origin))
}

// add adds a row, and gives the one that follows it for the same thing: what
// would be repeated is left out.
func (t *table) add(r row, where string) row {
	r.where, r.attribute = where, clean(r.attribute)
	if n := len(t.rows); r.name == "" && t.rows[n-1].origin == where {
		r.where = ""
	}
	r.origin = where
	t.rows = append(t.rows, r)
	r.mark, r.name = " ", ""
	return r
}

// action adds a row for a follow-up. What another one covers is not shown.
func (t *table) action(a reconcile.Action) {
	asked := "for " + strings.Join(a.For, ", ")
	if a.Owed {
		asked = "owed " + asked
	}
	r := row{mark: "!", colour: cyan, name: a.Name, text: fmt.Sprintf("%s (%s)", a.Effect, asked)}
	switch a.Standing {
	case reconcile.Waiting:
		r.mark, r.colour = "?", magenta
		r.text += fmt.Sprintf("; waits for `%s --allow %s`", t.command, a.Consent)
	case reconcile.Unknown:
		r.mark, r.colour = "?", magenta
	case reconcile.Covered:
		return
	}
	t.rows = append(t.rows, r)
}

func verbMark(v reconcile.Verb) (mark, colour string) {
	switch v {
	case reconcile.Create:
		return "+", green
	case reconcile.Remove:
		return "-", red
	}
	return "~", yellow
}

func (t *table) String() string {
	var name, attribute, text int
	for _, r := range t.rows {
		name = max(name, utf8.RuneCountInString(r.name))
		if r.attribute != "" {
			attribute = max(attribute, utf8.RuneCountInString(r.attribute))
			text = max(text, utf8.RuneCountInString(r.text))
		}
	}
	var b strings.Builder
	for _, r := range t.rows {
		line := fmt.Sprintf("  %s %s  %s", paint(t.colour, r.colour, r.mark), pad(r.name, name), r.text)
		if r.attribute != "" {
			line = fmt.Sprintf("  %s %s  %s  %s  %s", paint(t.colour, r.colour, r.mark), pad(r.name, name), pad(r.attribute, attribute), pad(r.text, text), r.where)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func paint(colour bool, sgr, s string) string {
	if !colour {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}
