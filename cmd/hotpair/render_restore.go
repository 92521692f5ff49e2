package main

import (
	"fmt"

	"github.com/hotpair/hotpair/reconcile"
)

// showRestoring prints what is to be put back.
func (a *app) showRestoring(n *node, p reconcile.Plan) {
	if a.json {
		a.emitPlan(n, p)
		return
	}
	fmt.Fprintf(a.out, "This node was found as %s on %s.\n\n", n.ledger.Found.Role, clock(n.ledger.Found.At))
	t := a.table()
	t.command = "hotpair uninstall --restore-stock"
	for _, s := range p.Steps {
		t.step(s, nil)
	}
	for _, action := range p.Actions {
		t.action(action)
	}
	if !t.empty() {
		fmt.Fprintln(a.out, t)
	}
	for _, note := range p.Notes {
		fmt.Fprintf(a.out, "  note: %s\n", clean(note.Text))
	}
	if len(p.Notes) > 0 {
		fmt.Fprintln(a.out)
	}
	if p.Empty() {
		fmt.Fprintf(a.out, "Nothing is to be put back: %s.\n", looked(p))
		return
	}
	fmt.Fprintf(a.out, "To put back: %s. %s.\n", verbs(p.Steps, "to "), capitalised(looked(p)))
}

// showRestored is the last word on what was put back.
func (a *app) showRestored(o reconcile.Outcome) {
	if a.json {
		a.emitSummary("apply", reconcile.Plan{Steps: o.Done})
		return
	}
	fmt.Fprintf(a.out, "\nPut back: %s.\n", verbs(o.Done, ""))
	for _, w := range o.Waiting {
		fmt.Fprintf(a.out, "Not done, since it disturbs calls: %s (%s). hotpair forgets it now: do it when it suits.\n", w.Name, w.Effect)
	}
}
