package main

import (
	"fmt"

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
		a.emit(level, clean(e.Line()), "replication", map[string]any{"replication": e})
		return
	}
	if e.Error == "" {
		fmt.Fprintln(a.out, clean(e.Line()))
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
