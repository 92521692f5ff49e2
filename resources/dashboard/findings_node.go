package dashboard

import (
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/words"
)

// daemonFindings are what the daemon says of itself.
func (v view) daemonFindings() []finding {
	w := v.Status.Watch
	if w == nil {
		return v.unseen()
	}
	var list []finding
	for _, f := range []finding{
		{Title: "ha.hcl cannot be used", Text: join(w.Problem, w.Instead()+"."), Commands: []string{checkFile}},
		{Title: "What was in force cannot be read any more", Text: w.Lost, Commands: []string{daemonLog}},
		{Title: "A change of ha.hcl waits for you", Text: w.Waits, Commands: []string{seePlan, applyIt}},
		{Title: "The node is not as it should be", Text: w.Failure, Commands: []string{seePlan}},
		{Title: "Not everything that is to be told by HTTP is", Text: strings.Join(w.Unheard, "; "), Commands: []string{daemonLog}},
	} {
		if f.Text != "" {
			f.Level = Attention
			list = append(list, f)
		}
	}
	return append(list, v.unseen()...)
}

// unseen are what could not be looked at, unless the daemon says the same.
func (v view) unseen() []finding {
	said := ""
	if w := v.Status.Watch; w != nil {
		said = w.Failure
	}
	var missing []string
	for _, what := range v.Status.Unseen {
		if !strings.Contains(said, what) {
			missing = append(missing, what)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return []finding{{Level: Attention, Title: "Not everything could be looked at", Text: strings.Join(missing, "; "), Commands: []string{seePlan}}}
}

// nodeFindings are what differs, what waits for consent, and what is fought over.
func (v view) nodeFindings() []finding {
	var list []finding
	for _, a := range v.Status.Actions {
		if f, is := v.owed(a); is {
			list = append(list, f)
		}
	}
	w := v.Status.Watch
	if w == nil {
		return list
	}
	if len(w.Fought) > 0 {
		list = append(list, finding{Level: Attention, Title: "Somebody else keeps changing " + words.Listed(w.Fought),
			Text: "hotpair put it in order as often as `watch.max_heals` lets it, and leaves it alone now. Find out who changes it: a script, a cron job, another tool.", Commands: []string{seePlan}})
	}
	return append(list, v.differing(*w)...)
}

// owed tells of an action that waits.
func (v view) owed(a reconcile.Action) (finding, bool) {
	if !a.Owed || a.Standing == reconcile.Covered {
		return finding{}, false
	}
	f := finding{Level: Attention, Title: "To be done: " + a.Name, Text: "For " + strings.Join(a.For, ", ") + ": " + a.Effect + ".", Commands: []string{applyIt}}
	switch a.Standing {
	case reconcile.Waiting:
		f.Title, f.Commands = "Waits for your consent: "+a.Name, []string{applyIt + " --allow " + a.Consent}
	case reconcile.Unknown:
		f.Commands = nil
	}
	return f, true
}

// differing tells of differences that nobody mends by himself, and that nothing
// else explains.
func (v view) differing(w status.Watch) []finding {
	n := 0
	for _, p := range v.Status.Pending {
		if p.Held == "" {
			n++
		}
	}
	if n == 0 || w.Failure != "" || w.Waits != "" {
		return nil
	}
	f := finding{Level: Attention, Title: words.Count(n, "difference") + " from ha.hcl", Text: "They are put in order at the next look.", Commands: []string{seePlan}}
	switch w.Mode {
	case "observe":
		f.Text, f.Commands = "`watch.mode` is observe: nothing is touched.", []string{seePlan, applyIt}
	case "heal":
		f.Text, f.Commands = "`watch.mode` is heal: what ha.hcl changes waits for you.", []string{seePlan, applyIt}
	}
	return []finding{f}
}

// outageFindings tell of a promise that is not kept.
func (v view) outageFindings() []finding {
	o := v.Status.Outage
	if o == nil || o.Fits || len(o.Profiles) == 0 {
		return nil
	}
	f := finding{Level: Attention, Title: fmt.Sprintf("An outage could last up to %s, and %s are promised", seconds(o.Longest), seconds(o.Promised)),
		Text: "No single value of ha.hcl keeps the promise: see what takes longest."}
	if o.Change != "" {
		f.Text = fmt.Sprintf("Set `%s = %q` in ha.hcl: then at most %s.", o.Change, o.ChangeTo, seconds(o.Then))
	}
	f.Commands = []string{seePlan}
	return []finding{f}
}

// join makes one text of two, unless the first is empty.
func join(a, b string) string {
	if a == "" {
		return ""
	}
	return strings.TrimSuffix(a, ".") + ". " + b
}
