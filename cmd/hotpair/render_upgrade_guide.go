package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/upgrade"
)

// show tells where the upgrade is: what is done, what is to be done now, and what
// is to come.
func (g *guiding) show(s upgrade.State, places []upgrade.Place) {
	present := upgrade.Present(places)
	if g.app.json {
		for _, p := range places {
			g.app.emit("info", p.Title+": "+string(p.Stands), "upgrade_step", map[string]any{"step": p})
		}
		g.app.emit("info", "upgrade", "upgrade", map[string]any{"upgrade": map[string]any{"under_way": s.UnderWay() && present != nil, "finished": present == nil, "before": s.Before}})
		return
	}
	out := g.app.out
	switch {
	case present == nil:
		fmt.Fprint(out, "The pair is upgraded.\n\n")
	case s.UnderWay():
		fmt.Fprintf(out, "An upgrade of this pair%s is under way since %s.\n\n", clean(from(s.Before.Master.Product())), clock(s.Done[upgrade.Pause]))
	default:
		fmt.Fprint(out, "No upgrade of this pair is under way. It begins once the pause is in force:\n\n")
	}
	for i, p := range places {
		g.showPlace(i+1, p)
	}
	fmt.Fprintln(out)
	if present == nil {
		fmt.Fprintln(out, "`hotpair doctor --peer` looks whether the pair has what it needs still.")
		return
	}
	if present.Ours && strings.HasPrefix(present.Finding.Do, "`"+present.Command) {
		fmt.Fprintln(out, "`hotpair upgrade-guide --auto-approve` does this step, and goes on as far as hotpair can.")
	}
	if s.UnderWay() {
		fmt.Fprintln(out, "`hotpair upgrade-guide` goes on from here whenever you call it, and `hotpair upgrade-guide --abandon` ends it.")
	}
	if now, told := g.app.stands(g.host); s.UnderWay() && told && now.Paused.After(time.Now()) {
		fmt.Fprintf(out, "The pause lasts until %s; `hotpair maintenance --for 2h` lengthens it.\n", clock(now.Paused))
	}
}

// from is the release that is left, where that is known.
func from(product string) string {
	if product == "" {
		return ""
	}
	return " from " + product
}

func (g *guiding) showPlace(n int, p upgrade.Place) {
	out := g.app.out
	typed := map[string]string{"master": "here", "standby": "on " + g.cfg.Peer.Address.String()}[p.Where] + ": " + p.Command
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(out, "           %-7s %s\n", label, clean(text))
		}
	}
	switch p.Stands {
	case upgrade.Done:
		fmt.Fprintf(out, "  %s  %d  %s (%s)\n", paint(g.app.colour(out), green, "done"), n, p.Title, clock(p.At))
	case upgrade.Now:
		fmt.Fprintf(out, "  %s   %d  %s\n", paint(g.app.colour(out), yellow, "now"), n, p.Title)
	default:
		fmt.Fprintf(out, "        %d  %s\n", n, p.Title)
	}
	if p.Stands != upgrade.Done {
		line("type", typed)
		line("until", p.Checks)
		line("beware", p.Warning)
	}
	if p.Finding != nil {
		line("seen", p.Finding.Says)
		line("to do", p.Finding.Do)
	}
}

// onStandbySeen tells what a standby sees of an upgrade.
func (g *guiding) onStandbySeen(ctx context.Context) error {
	release, err := resources.Release(ctx, g.cfg, g.host)
	seen := release.Product()
	switch {
	case err != nil:
		seen = "not seen: " + err.Error()
	case seen == "":
		seen = "not told by the database"
	}
	failover, services := "`hotpair watch` does not run on this node", map[bool]string{true: "active", false: "passive"}[resources.Serves(g.cfg, g.host)]
	if s, told := g.app.stands(g.host); told {
		failover = s.Reason
	}
	if g.app.json {
		g.app.emit("info", "this node is the standby", "upgrade_standby", map[string]any{"standby": map[string]any{"failover": failover, "services": services, "release": seen}})
		return nil
	}
	fmt.Fprintf(g.app.out, "This node is the standby. The guide is kept on the master, %s: run it there. Seen from here:\n\n", g.cfg.Peer.Address)
	for _, line := range [][2]string{{"Failover", failover}, {"Services", services}, {"Release", seen}, {"Upgrade", resources.UpgradeCommand(g.cfg) + ", once the guide on the master says so"}} {
		fmt.Fprintf(g.app.out, "  %-9s %s\n", line[0], clean(line[1]))
	}
	return nil
}
