package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources"
)

// unready are the checks that something is to be mended of.
func unready(checks []resources.Check) []resources.Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c resources.Check) bool { return c.Mend == "" })
}

// toMend says what to mend, one a line.
func toMend(checks []resources.Check) string {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "  %s: %s: %s.\n", c.Name, strings.TrimSuffix(c.Says, "."), c.Mend)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// showReadiness tells what a takeover needs, and what of it is to be mended.
func (a *app) showReadiness(o *ordered, checks []resources.Check, budget resources.Outage) {
	not := unready(checks)
	verdict := "Ready: a takeover has what it needs."
	if len(not) > 0 {
		verdict = fmt.Sprintf("Not ready: %s to mend.", count(len(not), "thing"))
	}
	if a.json {
		a.emitReadiness(checks, budget, verdict)
		return
	}
	for _, c := range checks {
		mark, colour := "ok", green
		if c.Mend != "" {
			mark, colour = "no", red
		}
		fmt.Fprintf(a.out, "  %s  %s  %s\n", paint(a.colour(a.out), colour, mark), pad(c.Name, len("replication")), clean(c.Says))
	}
	for i, line := range a.outageLines(o.cfg, budget) {
		name := ""
		if i == 0 {
			name = "outage"
		}
		fmt.Fprintf(a.out, "      %s  %s\n", pad(name, len("replication")), line)
	}
	fmt.Fprintf(a.out, "\n%s\n", verdict)
	if len(not) > 0 {
		fmt.Fprintln(a.out, clean(toMend(not)))
	}
}

func (a *app) emitReadiness(checks []resources.Check, budget resources.Outage, verdict string) {
	for _, c := range checks {
		a.emit("info", clean(c.Name+": "+c.Says), "drill_check", map[string]any{"check": map[string]any{
			"name": c.Name, "ready": c.Mend == "", "says": clean(c.Says), "mend": c.Mend, "took": c.Took.Seconds()}})
	}
	a.emit("info", verdict, "drill_readiness", map[string]any{"ready": len(unready(checks)) == 0, "outage": resources.OutageStatus(&budget)})
}

// over are the numbers of the phones that were without a server for longer than
// was promised.
func (r *rehearsal) over() (numbers []int) {
	for i := range r.failover {
		if max(r.failover[i], r.failback[i]) > r.cfg.Objective.MaxOutage {
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}

// verdict tells whether the promise was kept.
func (r *rehearsal) verdict() string {
	promised, over := spelled(r.cfg.Objective.MaxOutage), r.over()
	if len(over) == 0 {
		return fmt.Sprintf("Every phone was without a server for at most %s of the promised %s (objective.max_outage).", short(r.longest()), promised)
	}
	var names []string
	for _, n := range over {
		names = append(names, fmt.Sprint(n))
	}
	return fmt.Sprintf("%s without a server for longer than the promised %s (objective.max_outage): %s.", wereOver(len(over)), promised, listed(names))
}

func wereOver(n int) string {
	if n == 1 {
		return "1 phone was"
	}
	return fmt.Sprintf("%d phones were", n)
}

func (r *rehearsal) longest() time.Duration {
	return max(slices.Max(r.failover), slices.Max(r.failback))
}

// showDrill reports a drill that came to its end.
func (a *app) showDrill(r *rehearsal, budget resources.Outage) {
	if a.json {
		a.emitDrill(r, budget)
		return
	}
	table := [][]string{{"phone", "failover", "failback"}}
	for i := range r.failover {
		table = append(table, []string{fmt.Sprint(i + 1), short(r.failover[i]), short(r.failback[i])})
	}
	fmt.Fprintf(a.out, "\n%s", columns(table))
	for _, leg := range []struct {
		name    string
		outages []time.Duration
	}{{"Failover", r.failover}, {"Failback", r.failback}} {
		s := sorted(leg.outages)
		fmt.Fprintf(a.out, "%s: at least %s, half of the phones up to %s, at most %s.\n", leg.name, short(s.Share(0)), short(s.Share(50)), short(s.Longest()))
	}
	colour := green
	if len(r.over()) > 0 {
		colour = red
	}
	fmt.Fprintln(a.out, paint(a.colour(a.out), colour, r.verdict()))
	fmt.Fprintf(a.out, "By the formula, for real phones: %s\n", strings.Join(a.outageLines(r.cfg, budget), " "))
}

// sorted are outages as those of a simulation, which knows their shares.
func sorted(outages []time.Duration) simulate.Result {
	return simulate.Result{Outages: slices.Sorted(slices.Values(outages))}
}

// short is an outage to a tenth of a second.
func short(d time.Duration) string { return fmt.Sprintf("%.1fs", d.Seconds()) }

// emitDrill writes the same for a program. Times are in seconds.
func (a *app) emitDrill(r *rehearsal, budget resources.Outage) {
	promised := r.cfg.Objective.MaxOutage
	for i := range r.failover {
		a.emit("info", fmt.Sprintf("phone %d: failover %s, failback %s", i+1, short(r.failover[i]), short(r.failback[i])), "drill_phone", map[string]any{"phone": map[string]any{
			"number": i + 1, "failover": r.failover[i].Seconds(), "failback": r.failback[i].Seconds(), "within": max(r.failover[i], r.failback[i]) <= promised}})
	}
	leg := func(outages []time.Duration) map[string]any {
		s := sorted(outages)
		return map[string]any{"least": s.Share(0).Seconds(), "median": s.Share(50).Seconds(), "p95": s.Share(95).Seconds(), "longest": s.Longest().Seconds()}
	}
	a.emit("info", r.verdict(), "drill", map[string]any{"drill": map[string]any{
		"phones": len(r.failover), "expiry": time.Duration(r.asked.expiry).Seconds(), "objective": promised.Seconds(), "within": len(r.over()) == 0,
		"failover": leg(r.failover), "failback": leg(r.failback), "returned": r.returned.UTC()}, "outage": resources.OutageStatus(&budget)})
}
