package main

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/resources/replicate"
)

// showEntry tells how one part of a replication went. An error is told at the
// end, and says itself what waits for consent.
func (a *app) showEntry(e replicate.Entry, how replicate.How) {
	if a.json {
		level := "info"
		if e.Error != "" {
			level = "error"
		}
		a.emit(level, clean(entryLine(e)), "replication", map[string]any{"replication": e})
		return
	}
	if e.Error == "" {
		fmt.Fprintln(a.out, clean(entryLine(e)))
	}
	if how.DryRun || how.Verify {
		a.showParts(e.Parts)
	}
	if e.Result == replicate.Waiting {
		return
	}
	for _, note := range append(e.Notes, e.Warnings...) {
		fmt.Fprintf(a.out, "  note: %s\n", clean(note))
	}
}

// showParts lists tables with their figures, and files with their verbs.
func (a *app) showParts(parts []replicate.Part) {
	width := 0
	for _, p := range parts {
		width = max(width, len(clean(p.Name)))
	}
	for _, p := range parts {
		if p.Verb != "" {
			fmt.Fprintf(a.out, "  %-10s %s\n", p.Verb, clean(p.Name))
			continue
		}
		fmt.Fprintf(a.out, "  %-*s  +%d ~%d -%d\n", width, clean(p.Name), p.Inserted, p.Changed, p.Deleted)
	}
}

// entryLine is one run in a line.
func entryLine(e replicate.Entry) string {
	took := fmt.Sprintf("%.2f s", e.Took)
	thing, unit := "row", "table"
	if e.What == replicate.FilesName {
		thing, unit = "file", "path"
	}
	figures := amounts(e, thing)
	switch e.Result {
	case replicate.Same:
		return fmt.Sprintf("%s: equal by content: %s compared in %s", e.What, count(e.Looked, unit), took)
	case replicate.Differs:
		return fmt.Sprintf("%s: not equal: %s, of %s compared in %s", e.What, differing(e, thing), count(e.Looked, unit), took)
	case replicate.Planned:
		return fmt.Sprintf("%s: to be copied: %s (%s compared in %s)", e.What, figures, count(e.Looked, unit), took)
	case replicate.Unchanged:
		return fmt.Sprintf("%s: nothing to copy (%s compared in %s)", e.What, count(e.Looked, unit), took)
	case replicate.Copied:
		return fmt.Sprintf("%s: copied: %s (%s compared in %s)", e.What, figures, count(e.Looked, unit), took)
	}
	result := e.Result
	if e.Verify {
		result = "verify " + result
	}
	return fmt.Sprintf("%s: %s: %s", e.What, result, e.Error)
}

// amounts counts what was copied.
func amounts(e replicate.Entry, thing string) string {
	var parts []string
	if e.Inserted+e.Changed+e.Deleted != 1 {
		thing += "s"
	}
	for _, p := range []struct {
		n    int64
		verb string
	}{{e.Inserted, "new"}, {e.Changed, "changed"}, {e.Deleted, "deleted"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.verb))
		}
	}
	text := "no " + thing
	if len(parts) > 0 {
		text = strings.Join(parts, ", ") + " " + thing
	}
	if e.Sequences > 0 {
		text += ", " + count(e.Sequences, "sequence")
	}
	return text
}

// differing counts what a verification found.
func differing(e replicate.Entry, thing string) string {
	text := fmt.Sprintf("%s missing on the standby, %d other there, %d too many", count(int(e.Inserted), thing), e.Changed, e.Deleted)
	if e.Sequences > 0 {
		text += ", " + count(e.Sequences, "sequence") + " elsewhere"
	}
	return text
}
