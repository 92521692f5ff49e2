package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
)

// progress prints what happens while a plan is carried out.
func (a *app) progress(p reconcile.Progress) {
	name, kind, id := "", "apply", ""
	switch {
	case p.Step != nil:
		id = p.Step.ID.String()
		name = fmt.Sprintf("%s: %s", id, p.Step.Verb())
	case p.Action != nil:
		id, kind = p.Action.Name, "action"
		name = id
	}
	state := "start"
	switch {
	case p.Done && p.Err != nil:
		state = "errored"
	case p.Done:
		state = "complete"
	}
	a.log.Debug("carrying out", "resource", id, "state", state)
	switch {
	case a.json && p.Err != nil:
		a.emit("error", p.Err.Error(), kind+"_"+state, map[string]any{"hook": map[string]any{"resource": id}})
	case a.json:
		a.emit("info", name, kind+"_"+state, map[string]any{"hook": map[string]any{"resource": id}})
	case state == "complete":
		fmt.Fprintf(a.out, "  %s %s\n", paint(a.colour(a.out), green, "done"), name)
	}
	if p.Left != "" {
		a.showLeft(id, p.Left)
	}
}

// showLeft tells what an action could not do.
func (a *app) showLeft(action, left string) {
	if a.json {
		a.emit("warn", left, "action_left", map[string]any{"hook": map[string]any{"resource": action}})
		return
	}
	fmt.Fprintf(a.out, "       %s\n", host.Printable(left))
}

// showApplied is the last word of an apply that came to its end.
func (a *app) showApplied(p reconcile.Plan, o reconcile.Outcome) {
	if a.json {
		a.emitSummary("apply", reconcile.Plan{Steps: o.Done, Actions: p.Actions, Looked: p.Looked, Took: p.Took})
		return
	}
	if p.Empty() {
		return
	}
	var actions string
	if len(o.Ran) > 0 {
		actions = "; " + count(len(o.Ran), "action") + " done"
	}
	fmt.Fprintf(a.out, "\nApplied: %s%s.\n", verbs(o.Done, ""), actions)
	for _, w := range o.Waiting {
		fmt.Fprintf(a.out, "Waiting for consent: %s. Run `hotpair apply --allow %s` when it suits.\n", w.Name, w.Consent)
	}
}

// showStopped says how far an apply came that did not reach its end.
func (a *app) showStopped(o reconcile.Outcome, err error) {
	if a.json {
		a.emit("error", err.Error(), "apply_stopped", map[string]any{
			"done": ids(o.Done), "ran": o.Ran, "failed": failed(o), "not_done": ids(o.Undone), "owed": o.Pending,
		})
		return
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	fmt.Fprintf(a.err, "\n%s %s\n\n", paint(a.colour(a.err), red, "Error:"), clean(err.Error()))
	for _, line := range []struct {
		label string
		names []string
	}{
		{"Done", append(ids(o.Done), o.Ran...)}, {"Stopped at", failed(o)}, {"Not done", ids(o.Undone)}, {"Owed", o.Pending},
	} {
		if len(line.names) > 0 {
			fmt.Fprintf(a.err, "  %-11s %s\n", line.label+":", strings.Join(line.names, ", "))
		}
	}
	fmt.Fprintln(a.err, "\nThe node is between two states. Mend the cause, then run `hotpair apply` again: it finishes what is left.")
}

func failed(o reconcile.Outcome) []string {
	return ids(o.Failed)
}

func ids(steps []reconcile.Step) []string {
	var names []string
	for _, s := range steps {
		names = append(names, s.ID.String())
	}
	return names
}
