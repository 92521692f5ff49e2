package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// showSimulation tells one scenario: what happened when, and what the phones
// had of it.
func (a *app) showSimulation(cfg *schema.Config, p simulate.Pair, r simulate.Result) {
	fmt.Fprintf(a.out, "%s: %s\n%s\n\n", r.Scenario.Name, r.Scenario.Doc, premises(p))
	for _, e := range r.Timeline {
		lines := strings.Join(wrapped(clean(e.Says)), "\n"+strings.Repeat(" ", 21))
		fmt.Fprintf(a.out, "  %s  %-7s  %s\n", offset(e.At), e.Node, lines)
	}
	fmt.Fprint(a.out, outages(r))
	if r.Busiest[simulate.Standby] > 0 {
		fmt.Fprintln(a.out, registrations(p, r))
	}
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

func premises(p simulate.Pair) string {
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

// outages tells and draws how long phones were without a server; the longest bar
// is 40 wide.
func outages(r simulate.Result) string {
	if r.Longest() == 0 {
		return "\nEvery phone had a server all the time.\n"
	}
	const wide = 40
	bars := r.Spread()
	most := 0
	for _, bar := range bars {
		most = max(most, bar.Count)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nOutage of a phone: at least %s, half of them up to %s, 95 %% up to %s, at most %s\n\n",
		resources.Span(r.Share(0)), resources.Span(r.Share(50)), resources.Span(r.Share(95)), resources.Span(r.Longest()))
	for _, bar := range bars {
		drawn := strings.Repeat("#", (bar.Count*wide+most-1)/most)
		fmt.Fprintf(&b, "  %6s – %-6s %*d  %s\n", resources.Span(bar.From), resources.Span(bar.To), len(fmt.Sprint(most)), bar.Count, drawn)
	}
	return b.String() + "\n"
}

// wrapped breaks a text into lines of at most 80 letters, between words.
func wrapped(text string) []string {
	const most = 80
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) > most:
			lines = append(lines, word)
		default:
			*last += " " + word
		}
	}
	return lines
}

// offset is a time since the first event, as the reasons have it.
func offset(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}
