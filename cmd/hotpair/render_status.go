package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
)

func (a *app) showStatus(r status.Status) {
	line := func(label, format string, args ...any) {
		fmt.Fprintf(a.out, "%-14s %s\n", label, host.OneLine(fmt.Sprintf(format, args...)))
	}
	line("This node", "%s, as ha.hcl says; %s", r.Wanted, r.Said)
	line("Peer", "%s", r.Peer)
	line("Platform", "%s", r.Platform)
	if r.Found == nil {
		line("First apply", "never")
	} else {
		line("First apply", "%s; found as %s", clock(r.Found.At), r.Found.Role)
		line("Last change", "%s", clock(r.InOrder))
	}
	switch {
	case r.Differences == 0:
		line("Differences", "none")
	default:
		line("Differences", "%s, %d of them drifted: see `hotpair plan`", count(r.Differences, "resource"), r.Drifted)
	}
	for _, unseen := range r.Unseen {
		line("Not seen", "%s", unseen)
	}
	for _, action := range slices.DeleteFunc(slices.Clone(r.Actions), func(action reconcile.Action) bool { return !action.Owed || action.Standing == reconcile.Covered }) {
		line("Owed", "%s: %s", action.Name, paying(action))
	}
	line("Watch", "%s", watchLine(r.Watch))
	switch {
	case r.Failover != nil:
		line("Failover", "%s", failoverLine(*r.Failover))
	case r.Undecided != "":
		line("Failover", "%s", r.Undecided)
	}
	if r.Standby {
		line("Replication", "see `hotpair status` on the master")
	}
	for _, s := range r.Replication {
		line(capitalised(s.What), "%s", standingLine(s, time.Now()))
	}
	for i, text := range r.Budget {
		line([]string{"Outage", ""}[min(i, 1)], "%s", text)
	}
	for _, s := range r.Alerts {
		if s.Failure != "" {
			line("Alerts", "%s (%s) %s", s.Name, s.Way, notTold(s))
		}
	}
	if r.Running != nil {
		line("Running", "%s (pid %d) since %s", r.Running.Command, r.Running.PID, clock(r.Running.Since))
	}
	for _, note := range r.Notes {
		line("Note", "%s", note)
	}
}

// showWatch tells how the daemon stands on a node whose ha.hcl cannot be used.
func (a *app) showWatch() {
	h, err := host.Open(a.root)
	if err != nil || a.json {
		return
	}
	defer h.Close()
	if s := status.Watched(h); s != nil {
		fmt.Fprintf(a.out, "%-14s %s\n", "Watch", watchLine(s))
	}
}

// failoverLine says how the failover stands for a person.
func failoverLine(s takeover.Standing) string {
	parts := []string{s.Reason}
	if s.Trouble != "" {
		parts = []string{strings.ToUpper(string(s.Trouble)) + ": " + s.Reason}
	}
	if s.Doing != "" {
		parts = append(parts, "Under way: "+s.Doing+".")
	}
	if s.Failure != "" {
		parts = append(parts, "Failed: "+s.Failure+".")
	}
	if s.Companions != "" {
		parts = append(parts, "Companions: "+s.Companions+".")
	}
	return strings.Join(parts, " ")
}

// paying says what strikes an owed action.
func paying(action reconcile.Action) string {
	switch {
	case action.Standing == reconcile.Unknown:
		return action.Effect
	case action.Standing == reconcile.Due:
		return "run `hotpair apply`"
	}
	return "run `hotpair apply --allow " + action.Consent + "`"
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }
