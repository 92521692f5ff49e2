package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// report is what status tells of a node.
type report struct {
	Wanted      string             `json:"wanted"`
	Recorded    string             `json:"recorded"`
	Peer        string             `json:"peer"`
	Platform    string             `json:"platform"`
	Differences int                `json:"differences"`
	Drifted     int                `json:"drifted"`
	Actions     []reconcile.Action `json:"actions"`
	Notes       []string           `json:"notes"`
	Unseen      []string           `json:"unseen,omitempty"` // what could not be looked at, and why
	Found       *reconcile.Found   `json:"found"`
	InOrder     time.Time          `json:"last_in_order,omitzero"`
	Running     *disk.Holder       `json:"running"`
	Watch       *watchState        `json:"watch"` // how the daemon stands; null: none runs
	// Replication is how what hotpair replicates from here stands.
	Replication []replicate.Standing `json:"replication,omitempty"`
	// Failover is how the failover stands; null: no daemon decides.
	Failover  *takeover.Standing `json:"failover,omitempty"`
	Outage    *outageReport      `json:"outage,omitempty"` // how long phones can be without a server
	undecided string             // who watches the peer while no daemon does; "": nobody is to
	budget    []string           // the outage in words
	said      string             // of the role, by the node
	follows   bool               // the node is the standby, which the master knows about
}

func (a *app) status() *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "Tell how this node stands; change nothing",
		Long:    "status tells what ha.hcl wants and the node records, what differs (see plan), what is\nowed since an earlier apply, who is running, and how long phones can be without a server. It exits 0 also when something differs.",
		Example: "  hotpair status\n  hotpair status --json",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			n, err := a.open()
			if err != nil {
				a.showWatch()
				return err
			}
			p, err := n.planned(c.Context())
			if err != nil {
				return err
			}
			r, err := n.report(p)
			if err != nil {
				return err
			}
			if r.Replication, err = a.standings(c.Context(), n); err != nil {
				return err
			}
			if err := a.failoverOf(n, &r); err != nil {
				return err
			}
			if o := n.outage(c.Context(), p); o != nil {
				r.Outage, r.budget = outageJSON(o), a.outageLines(n.cfg, *o)
			}
			if a.json {
				a.emit("info", "status", "status", map[string]any{"status": r})
				return nil
			}
			a.showStatus(r)
			return nil
		},
	}
}

func (n *node) report(p reconcile.Plan) (report, error) {
	recorded, err := resources.Recorded(n.host, n.cfg.Platform)
	if err != nil {
		return report{}, err
	}
	running, err := n.host.Held(runLock)
	if err != nil {
		return report{}, err
	}
	said := string(recorded.Role) + ", as ha.conf records"
	if there, err := n.host.Exists(n.cfg.Platform.State.HAConf); err == nil && !there {
		said = "without ha.conf, so in no pair"
	}
	r := report{
		Wanted: n.cfg.Node.Written, Recorded: string(recorded.Role), said: said, Peer: n.peer(), Platform: n.cfg.Platform.Title,
		Differences: len(p.Steps), Drifted: len(drifted(p)), Actions: p.Actions,
		follows: n.cfg.Node.Role == schema.Slave,
		Found:   n.ledger.Found, InOrder: n.ledger.InOrder(), Running: running, Watch: watchedAs(n.host),
	}
	for _, u := range p.Unseen {
		if !u.Later() {
			r.Unseen = append(r.Unseen, u.Err.Error())
		}
	}
	for _, note := range notes(n, p) {
		r.Notes = append(r.Notes, note.Text)
	}
	return r, nil
}

func (a *app) showStatus(r report) {
	line := func(label, format string, args ...any) {
		fmt.Fprintf(a.out, "%-14s %s\n", label, host.OneLine(fmt.Sprintf(format, args...)))
	}
	line("This node", "%s, as ha.hcl says; %s", r.Wanted, r.said)
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
	line("Watch", "%s", r.Watch)
	switch {
	case r.Failover != nil:
		line("Failover", "%s", failoverLine(*r.Failover))
	case r.undecided != "":
		line("Failover", "%s", r.undecided)
	}
	if r.follows {
		line("Replication", "see `hotpair status` on the master")
	}
	for _, s := range r.Replication {
		line(capitalised(s.What), "%s", standingLine(s, time.Now()))
	}
	for i, text := range r.budget {
		line([]string{"Outage", ""}[min(i, 1)], "%s", text)
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
	if s := watchedAs(h); s != nil {
		fmt.Fprintf(a.out, "%-14s %s\n", "Watch", s)
	}
}

// failoverOf tells how the failover stands, or who else watches the master.
func (a *app) failoverOf(n *node, r *report) error {
	if !resources.Decides(n.cfg) {
		return nil
	}
	if s, told := a.stands(n.host); told {
		r.Failover = &s
		return nil
	}
	guarded, err := resources.GuardedByCron(n.host)
	switch {
	case err != nil:
		return err
	case n.cfg.Node.Role != schema.Slave:
		r.undecided = "the standby's hotpair does not hear this master's: `hotpair watch` does not run"
	case guarded:
		r.undecided = "by the stock master check, which hotpair's line in cron runs while `hotpair watch` does not"
	default:
		r.undecided = "by the stock master check, if cron runs it, until `hotpair watch` runs"
	}
	return nil
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
