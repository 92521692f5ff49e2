package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// showSimulation tells one scenario: what happened when, and what the phones
// had of it.
func (a *app) showSimulation(cfg *schema.Config, p simulate.Pair, r simulate.Result) {
	fmt.Fprintf(a.out, "%s: %s\n%s\n\n", r.Scenario.Name, r.Scenario.Doc, assumed(p))
	for _, e := range r.Timeline {
		fmt.Fprintf(a.out, "  %s  %-7s  %s\n", offset(e.At), e.Node, clean(e.Says))
	}
	fmt.Fprintf(a.out, "\nOutage of a phone: at least %s, half of them up to %s, 95 %% up to %s, at most %s\n",
		resources.Span(r.Share(0)), resources.Span(r.Share(50)), resources.Span(r.Share(95)), resources.Span(r.Longest()))
	fmt.Fprint(a.out, histogram(r.Spread(), p.Phones.Count))
	fmt.Fprintf(a.out, "\n%s\n", registrations(p, r))
	if r.Both > 0 {
		fmt.Fprintf(a.out, "Both nodes answered phones for %s.\n", resources.Span(r.Both))
	}
	if r.Stayed {
		fmt.Fprintf(a.out, "After %s the standby still serves.\n", resources.Span(r.Lasted))
	}
	if r.Unserved > 0 {
		fmt.Fprintf(a.out, "After %s no node serves %s.\n", resources.Span(r.Lasted), count(r.Unserved, "phone"))
	}
	a.showKept(cfg, r)
}

func assumed(p simulate.Pair) string {
	expiry := resources.Span(p.Phones.Max)
	if p.Phones.Min < p.Phones.Max {
		expiry = resources.Span(p.Phones.Min) + " to " + expiry
	}
	return fmt.Sprintf("%s, registered for %s; services start within %s. Times count from the first event.", count(p.Phones.Count, "phone"), expiry, resources.Span(p.Start))
}

// registrations tells how many came in the busiest seconds.
func registrations(p simulate.Pair, r simulate.Result) string {
	usual := float64(p.Phones.Count) / ((p.Phones.Min + p.Phones.Max) / 2).Seconds()
	return fmt.Sprintf("Registrations in the busiest second: %d on the standby, %d when the phones returned to the master; %.1f are usual.", r.Busiest[simulate.Standby], r.Busiest[simulate.Master], usual)
}

func (a *app) showKept(cfg *schema.Config, r simulate.Result) {
	kept, said := resources.Kept(cfg, r)
	colour := green
	if !kept {
		colour = red
	}
	fmt.Fprintln(a.out, paint(a.colour(a.out), colour, said))
}

// histogram draws outages, the longest bar 40 wide.
func histogram(bars []simulate.Bar, phones int) string {
	const wide = 40
	most := 0
	for _, bar := range bars {
		most = max(most, bar.Count)
	}
	var b strings.Builder
	for _, bar := range bars {
		drawn := strings.Repeat("#", (bar.Count*wide+most-1)/most)
		figure := fmt.Sprintf("%d", bar.Count)
		fmt.Fprintf(&b, "  %6s – %-6s %*s  %s\n", resources.Span(bar.From), resources.Span(bar.To), len(fmt.Sprint(phones)), figure, drawn)
	}
	return b.String()
}

// showSimulations tells many scenarios, one a line, and the worst of them.
func (a *app) showSimulations(cfg *schema.Config, p simulate.Pair, results []simulate.Result) {
	lines := [][]string{{"scenario", "the standby serves", "both serve", "longest outage", "objective"}}
	worst := results[0]
	for _, r := range results {
		verdict := "kept"
		if kept, _ := resources.Kept(cfg, r); !kept {
			verdict = "broken"
		}
		lines = append(lines, []string{r.Scenario.Name, served(r), resources.Span(r.Both), resources.Span(r.Longest()), verdict})
		if r.Longest() > worst.Longest() {
			worst = r
		}
	}
	fmt.Fprintf(a.out, "%s\n\n%s\n", assumed(p), columns(lines))
	fmt.Fprintf(a.out, "The worst is %s, see `hotpair simulate %s`: ", worst.Scenario.Name, worst.Scenario.Name)
	a.showKept(cfg, worst)
}

// served tells when the standby was to serve.
func served(r simulate.Result) string {
	switch n := len(r.Takeovers); {
	case n == 0:
		return "–"
	case n > 1:
		return fmt.Sprintf("%d times, first from %s", n, offset(r.Takeovers[0].From))
	case r.Takeovers[0].To == 0:
		return "from " + offset(r.Takeovers[0].From)
	}
	return offset(r.Takeovers[0].From) + " – " + offset(r.Takeovers[0].To)
}

// columns lays out lines of cells.
func columns(lines [][]string) string {
	width := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, cell := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, cells := range lines {
		line := ""
		for i, cell := range cells {
			line += "  " + pad(cell, width[i])
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// offset is a time since the first event, as the reasons have it.
func offset(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

// emitSimulation writes one scenario for a program: its events, then what came
// of it. Times are in seconds.
func (a *app) emitSimulation(cfg *schema.Config, r simulate.Result) {
	for _, e := range r.Timeline {
		a.emit("info", clean(e.Says), "simulation_event", map[string]any{"event": map[string]any{
			"scenario": r.Scenario.Name, "at": e.At.Seconds(), "node": e.Node, "says": clean(e.Says),
		}})
	}
	kept, said := resources.Kept(cfg, r)
	takeovers := []map[string]any{}
	for _, s := range r.Takeovers {
		takeovers = append(takeovers, map[string]any{"from": s.From.Seconds(), "to": s.To.Seconds(), "ended": s.To > 0})
	}
	a.emit("info", said, "simulation", map[string]any{"simulation": map[string]any{
		"scenario": r.Scenario.Name, "doc": r.Scenario.Doc, "kept": kept, "objective": cfg.Objective.MaxOutage.Seconds(),
		"outage":    map[string]any{"least": r.Share(0).Seconds(), "median": r.Share(50).Seconds(), "p95": r.Share(95).Seconds(), "longest": r.Longest().Seconds()},
		"takeovers": takeovers, "both": r.Both.Seconds(), "lasted": r.Lasted.Seconds(), "unserved": r.Unserved, "standby_serves": r.Stayed,
		"registrations": map[string]any{"standby": r.Busiest[simulate.Standby], "return": r.Busiest[simulate.Master]},
	}})
}
