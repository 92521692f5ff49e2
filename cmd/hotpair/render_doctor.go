package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/doctor"
)

// showFindings tells what was found, this node's first, and a verdict.
func (a *app) showFindings(n *node, found []doctor.Finding) {
	if a.json {
		a.emitFindings(found)
		return
	}
	here := func(f doctor.Finding) bool { return f.Node == "" }
	own, peers := slices.DeleteFunc(slices.Clone(found), func(f doctor.Finding) bool { return !here(f) }), slices.DeleteFunc(slices.Clone(found), here)
	fmt.Fprintf(a.out, "This node (%s):\n", clean(n.cfg.Node.Written))
	a.showList(own)
	if len(peers) > 0 {
		fmt.Fprintf(a.out, "\nThe peer, %s, about itself; mend it there:\n", n.peer())
		a.showList(peers)
	}
	fmt.Fprintf(a.out, "\n%s\n", verdictOn(found))
}

// showList tells each finding in a line; one that is not well has more. What was
// skipped for one reason stands together, at the end.
func (a *app) showList(found []doctor.Finding) {
	width := 0
	for _, f := range found {
		width = max(width, len(f.Code))
	}
	skipped := map[string][]string{}
	var reasons []string
	for _, f := range found {
		if f.Result != doctor.Skipped {
			a.showFinding(f, width)
			continue
		}
		if skipped[f.Says] == nil {
			reasons = append(reasons, f.Says)
		}
		skipped[f.Says] = append(skipped[f.Says], f.Code)
	}
	for _, reason := range reasons {
		names := strings.Join(skipped[reason], ", ")
		if n := len(skipped[reason]); n > few {
			names = count(n, "check")
		}
		fmt.Fprintf(a.out, "   -  %s: %s\n", names, clean(reason))
	}
}

// few is how many codes are named that were skipped for one reason.
const few = 6

func (a *app) showFinding(f doctor.Finding, width int) {
	mark, colour := "ok", green
	switch f.Result {
	case doctor.Mend:
		mark, colour = "no", red
	case doctor.Unknown:
		mark, colour = "??", yellow
	}
	fmt.Fprintf(a.out, "  %s  %s  %s\n", paint(a.colour(a.out), colour, mark), pad(f.Code, width), clean(f.Says))
	if f.Result != doctor.Mend {
		return
	}
	indent := strings.Repeat(" ", width+8)
	fmt.Fprintf(a.out, "%sWhy: %s.\n%sMend: %s.\n", indent, clean(f.Why), indent, clean(strings.TrimSuffix(f.Mend, ".")))
}

// verdictOn counts what was found, in a sentence.
func verdictOn(found []doctor.Finding) string {
	counts := counted(found)
	mend, unseen, seen := counts[doctor.Mend], counts[doctor.Unknown], counts[doctor.Well]+counts[doctor.Mend]
	text := fmt.Sprintf("All is well: %s.", count(seen, "check"))
	switch {
	case mend > 0:
		text = fmt.Sprintf("To mend: %s of %s.", count(mend, "thing"), count(seen, "check"))
	case unseen > 0:
		text = fmt.Sprintf("Nothing to mend in %s.", count(seen, "check"))
	case seen == 0:
		text = "Nothing was looked at."
	}
	if unseen > 0 {
		text += fmt.Sprintf(" Not seen: %s.", count(unseen, "thing"))
	}
	return text
}

func counted(found []doctor.Finding) map[doctor.Result]int {
	counts := map[doctor.Result]int{}
	for _, f := range found {
		counts[f.Result]++
	}
	return counts
}

// emitFindings writes one object a finding, and one that counts them.
func (a *app) emitFindings(found []doctor.Finding) {
	for _, f := range found {
		level := "info"
		if f.Result == doctor.Mend || f.Result == doctor.Unknown {
			level = "warn"
		}
		f.Says, f.Mend = clean(f.Says), clean(f.Mend)
		a.emit(level, f.Code+": "+f.Says, "doctor_finding", map[string]any{"finding": f})
	}
	counts := counted(found)
	a.emit("info", verdictOn(found), "doctor", map[string]any{"doctor": map[string]any{
		"well": counts[doctor.Well], "mend": counts[doctor.Mend], "unknown": counts[doctor.Unknown], "skipped": counts[doctor.Skipped]}})
}
