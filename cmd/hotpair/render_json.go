package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/hotpair/hotpair/reconcile"
)

// jsonVersion is that of the --json output. Keys and types are added within a
// version; none is taken away or changes its meaning.
const jsonVersion = "1"

// emit writes one JSON object on a line, in Terraform's shape.
func (a *app) emit(level, message, kind string, more map[string]any) {
	if !a.greeted {
		a.greet()
	}
	line := map[string]any{"@level": level, "@message": message, "@timestamp": time.Now().UTC().Format(time.RFC3339Nano), "type": kind}
	maps.Copy(line, more)
	text, err := json.Marshal(line)
	if err != nil {
		fmt.Fprintln(a.err, err)
		return
	}
	fmt.Fprintf(a.out, "%s\n", text)
}

// greet writes the line that says which version the others are of.
func (a *app) greet() {
	a.greeted = true
	a.emit("info", "hotpair "+version, "version", map[string]any{"hotpair": version, "ui": jsonVersion})
}

func (a *app) emitPlan(n *node, p reconcile.Plan) {
	for _, s := range p.Steps {
		if len(s.Drifted) > 0 {
			a.emitStep("resource_drift", s)
		}
	}
	for _, s := range p.Steps {
		a.emitStep("planned_change", s)
	}
	for _, action := range p.Actions {
		a.emit("info", action.Name+": "+string(action.Standing), "planned_action", map[string]any{"action": action})
	}
	for _, note := range notes(n, p) {
		a.emit("info", note.Text, "note", map[string]any{"code": note.Code})
	}
	a.emitSummary("plan", p)
}

func (a *app) emitStep(kind string, s reconcile.Step) {
	change := map[string]any{
		"resource": map[string]any{"addr": s.ID.String(), "resource_type": s.ID.Kind, "resource_name": s.ID.Name},
		"action":   s.Verb(), "before": s.Have, "after": s.Want, "origin": s.Origin,
	}
	if len(s.Drifted) > 0 {
		change["drifted"], change["in_order_until"] = s.Drifted, s.Settled
	}
	a.emit("info", fmt.Sprintf("%s: %s", s.ID, s.Verb()), kind, map[string]any{"change": change})
}

func (a *app) emitSummary(operation string, p reconcile.Plan) {
	a.emit("info", summary(p), "change_summary", map[string]any{"changes": map[string]any{
		"operation": operation, "looked": p.Looked,
		"add": p.CountVerb(reconcile.Create), "change": p.CountVerb(reconcile.Update), "remove": p.CountVerb(reconcile.Remove),
		"actions": p.Count(reconcile.Due), "waiting": p.Count(reconcile.Waiting),
	}})
}
