package main

import (
	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

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
