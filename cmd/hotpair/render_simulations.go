package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

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
	fmt.Fprintf(a.out, "%s\n\n%s\n", premises(p), columns(lines))
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
