package main

import (
	"fmt"

	"github.com/hotpair/hotpair/resources/host"
)

// showWhy tells a node's reasons: each in a line, under what it is about.
func (a *app) showWhy(w *whys) {
	if a.json {
		a.emit("info", "why", "why", map[string]any{"why": w.list, "failover": w.standing, "account": w.account, "events": w.events})
		return
	}
	for _, b := range w.list {
		for i, text := range b.Says {
			a.whyLine(b.About, i, text)
		}
		if w.account != nil && b.About == standsAs(*w.standing) {
			for i, v := range w.account.Votes {
				a.whyLine("Probes", i, v.Name+": "+v.Says)
			}
		}
	}
	for i, e := range w.events {
		a.whyLine("Lately", i, clock(e.At)+"  "+e.From+": "+e.Text)
	}
}

// whyLine is one line, whose label stands before the first of its kind.
func (a *app) whyLine(label string, i int, text string) {
	if i > 0 {
		label = ""
	}
	fmt.Fprintf(a.out, "%-14s %s\n", label, host.OneLine(text))
}
