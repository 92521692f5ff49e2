package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/resources/timeline"
)

// story prints a timeline as it comes, or its end.
type story struct {
	app     *app
	most    int
	limited bool   // to the last so many
	nodes   bool   // whose each entry is, is told
	clocks  string // how far those of the nodes are apart, in words
	logs    []*timeline.Log
	last    []timeline.Entry
	told    int
}

func (s *story) add(e timeline.Entry) {
	s.told++
	if !s.limited {
		s.show(e)
		return
	}
	if s.last = append(s.last, e); len(s.last) >= 2*s.most {
		s.last = append(s.last[:0], s.last[len(s.last)-s.most:]...)
	}
}

// end prints what was kept for it, and tells what became of the logs.
func (s *story) end() {
	for _, e := range s.last[max(0, len(s.last)-s.most):] {
		s.show(e)
	}
	if s.app.json {
		s.app.emit("info", s.summary(), "timeline_end", map[string]any{"entries": s.told, "logs": s.counts()})
		return
	}
	fmt.Fprintln(s.app.err, s.summary())
}

func (s *story) show(e timeline.Entry) {
	if s.app.json {
		s.app.emit(cmp.Or(strings.ToLower(e.Level), "info"), e.Text, "timeline", map[string]any{"entry": e})
		return
	}
	node := ""
	if s.nodes {
		node = fmt.Sprintf("%-8s ", cmp.Or(e.Node, "here"))
	}
	text := clean(e.Text)
	if colour := map[string]string{"WARN": yellow, "WARNING": yellow, "ERROR": red}[e.Level]; colour != "" {
		text = paint(s.app.colour(s.app.out), colour, text)
	}
	fmt.Fprintf(s.app.out, "%s  %s%-13s  %s\n", clock(e.At), node, clean(e.From), text)
}

// counts is the same for a program, a log each.
func (s *story) counts() map[string]timeline.Counts {
	counts := map[string]timeline.Counts{}
	for _, l := range s.logs {
		counts[l.Name()] = l.Counts
	}
	return counts
}

// without says it where no log was given.
func (s *story) without() string {
	switch {
	case s.told == 0:
		return "Nothing is recorded of that time on this node. Name logs, or the other node's record, to be told what is in them."
	case s.limited && s.told > s.most:
		return fmt.Sprintf("The last %d of %d recorded on this node: -n or --since shows more.", s.most, s.told)
	}
	return fmt.Sprintf("%d recorded on this node. What logs tell is added where they are named.", s.told)
}

// summary says in a sentence or two how much there was, and how times were read.
func (s *story) summary() string {
	if len(s.logs) == 0 {
		return s.without()
	}
	var all timeline.Counts
	for _, l := range s.logs {
		all.Lines, all.Told, all.Timeless = all.Lines+l.Lines, all.Told+l.Told, all.Timeless+l.Timeless
		all.Zoneless, all.Yearless = all.Zoneless || l.Zoneless, all.Yearless || l.Yearless
	}
	text := fmt.Sprintf("%s in %s: %d tell something of the pair, %d do not, %d have no time.", count(int(all.Lines), "line"), count(len(s.logs), "file"), all.Told, all.Lines-all.Told-all.Timeless, all.Timeless)
	if s.limited && s.told > s.most {
		text += fmt.Sprintf(" Shown are the last %d of %d: -n or --since shows more.", s.most, s.told)
	}
	if all.Zoneless {
		text += fmt.Sprintf(" Times without a zone were read as of this node (%s).", time.Now().Format("MST"))
	}
	if all.Yearless {
		text += " Dates without a year were read as the last ones before the file's last change."
	}
	if s.nodes {
		text += " Each time is by the clock of its node: " + s.clocks
	}
	return text
}

// clocksOf says how far the clocks of a pair are apart, where this node knows.
func clocksOf(h *host.Host) string {
	ahead, known := takeover.Ahead(h)
	switch {
	case !known:
		return "how far those are apart is not known here, `hotpair init` on the master tells it."
	case ahead.Abs() < time.Second:
		return "the master's and this node's agree to a second."
	case ahead > 0:
		return fmt.Sprintf("the master's is %s ahead of this node's.", spelled(ahead))
	}
	return fmt.Sprintf("the master's is %s behind this node's.", spelled(-ahead))
}
