package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/words"
)

// showPlan prints a plan.
func (a *app) showPlan(n *node, p reconcile.Plan) {
	if a.json {
		a.emitPlan(n, p)
		return
	}
	fmt.Fprintf(a.out, "%s: this node is %s, %s\n\n", a.title(), n.cfg.Node.Written, n.withPeer())
	t := a.table()
	for _, s := range p.Steps {
		t.step(s, nil)
	}
	for _, action := range p.Actions {
		t.action(action)
	}
	if !t.empty() {
		fmt.Fprintln(a.out, t)
	}
	if said := notes(n, p); len(said) > 0 {
		for _, note := range said {
			fmt.Fprintf(a.out, "  note: %s\n", note.Text)
		}
		fmt.Fprintln(a.out)
	}
	fmt.Fprintln(a.out, summary(p))
}

// title is the name of the first file, by which the rest is known.
func (a *app) title() string {
	if len(a.read.Sources) == 0 {
		return "ha.hcl"
	}
	return path.Base(a.read.Sources[0].Name)
}

// notes are those of the resources and those of the configuration as a whole.
func notes(n *node, p reconcile.Plan) []reconcile.Note {
	var all []reconcile.Note
	for _, u := range p.Unseen {
		if u.Later() {
			all = append(all, reconcile.Note{Code: "later", Text: clean(u.Err.Error())})
		}
	}
	if s := status.Watched(n.host); s != nil && s.Waits != "" {
		all = append(all, reconcile.Note{Code: "waits", Text: "The daemon holds this back: " + s.Waits + "."})
	}
	for _, note := range append(p.Notes, resources.Unkept(n.cfg, n.env)...) {
		note.Text = clean(note.Text)
		all = append(all, note)
	}
	return all
}

// summary is the last line of a plan.
func summary(p reconcile.Plan) string {
	waiting := p.Count(reconcile.Waiting)
	switch {
	case p.Empty() && waiting > 0:
		return fmt.Sprintf("No changes. This node matches ha.hcl, and %s for consent: %s.", waits(waiting), looked(p))
	case p.Empty():
		return fmt.Sprintf("No changes. This node matches ha.hcl: %s.", looked(p))
	}
	var actions string
	due := p.Count(reconcile.Due)
	if due > 0 {
		actions += "; " + count(due, "action")
	}
	switch {
	case waiting > 0 && due > 0:
		actions += fmt.Sprintf(", %d more with consent", waiting)
	case waiting > 0:
		actions += "; " + waits(waiting) + " for consent"
	}
	return fmt.Sprintf("Plan: %s%s. %s.", verbs(p.Steps, "to "), actions, capitalised(looked(p)))
}

func waits(n int) string {
	if n == 1 {
		return "1 action waits"
	}
	return fmt.Sprintf("%d actions wait", n)
}

func looked(p reconcile.Plan) string {
	return fmt.Sprintf("%s looked at in %.3f s", count(p.Looked, "resource"), p.Took.Seconds())
}

// verbs counts steps by what they do: "2 to create, 1 to change, 0 to remove".
func verbs(steps []reconcile.Step, to string) string {
	p := reconcile.Plan{Steps: steps}
	past := map[string][3]string{"to ": {"create", "change", "remove"}, "": {"created", "changed", "removed"}}[to]
	return fmt.Sprintf("%d %s%s, %d %s%s, %d %s%s",
		p.CountVerb(reconcile.Create), to, past[0], p.CountVerb(reconcile.Update), to, past[1], p.CountVerb(reconcile.Remove), to, past[2])
}

func count(n int, thing string) string { return words.Count(n, thing) }

func capitalised(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
