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
	colour bool
	rows   []row
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

func (a *app) table() *table { return &table{colour: a.colour(a.out)} }

func (t *table) empty() bool { return len(t.rows) == 0 }

// step adds a row for each attribute, or only for those named.
func (t *table) step(s reconcile.Step, only []string) {
	mark, colour := verbMark(s.Verb())
	name := s.ID.String()
	for _, attr := range s.Attributes() {
		if only != nil && !slices.Contains(only, attr.Name) {
			continue
		}
		where := clean(path.Base(s.Origin))
		if slices.Contains(s.Drifted, attr.Name) {
			where = "drift: in order until " + s.Settled.Local().Format("2006-01-02 15:04")
		}
		r := row{mark: mark, colour: colour, name: name, attribute: attr.Name, text: transition(attr), where: where}
		if n := len(t.rows); name == "" && t.rows[n-1].origin == where {
			r.where = ""
		}
		r.origin = where
		t.rows = append(t.rows, r)
		mark, name = " ", ""
	}
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
		r.text += fmt.Sprintf("; waits for `hotpair apply --allow %s`", a.Consent)
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

// transition shows an attribute's change.
func transition(attr reconcile.Attribute) string {
	switch {
	case attr.Have == nil:
		return quoted(*attr.Want)
	case attr.Want == nil:
		return quoted(*attr.Have) + " → gone"
	}
	return quoted(*attr.Have) + " → " + quoted(*attr.Want)
}

func quoted(v reconcile.Value) string { return fmt.Sprintf("%q", v) }

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
