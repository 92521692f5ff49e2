package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/resources/timeline"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) why() *cobra.Command {
	return &cobra.Command{
		Use:   "why",
		Short: "Tell why this node is as it is, and why it does not act",
		Long: `why tells who decides and by which line of ha.hcl, whether this node serves, since when
and by which decision, what each probe last said, what it would take to act, what keeps
the replication and other changes back, and what happened last. It only reads what the
daemon tells, asks nobody, and changes nothing.`,
		Example: "  hotpair why\n  hotpair why --json",
		Args:    noArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runWhy(c.Context()) },
	}
}

// runWhy explains. An ha.hcl that cannot be used is part of that, and its
// diagnostic comes last; what was in force before is explained.
func (a *app) runWhy(ctx context.Context) error {
	a.quiet = true
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	defer h.Close()
	w := &whys{app: a, host: h, watch: status.Watched(h), now: time.Now()}
	invalid := w.configuration()
	if w.cfg == nil {
		a.showWatch()
		return invalid
	}
	if err := w.explain(ctx, invalid != nil); err != nil {
		return err
	}
	a.showWhy(w)
	return invalid
}

// configuration is what the daemon goes by: ha.hcl, or what was in force before
// where that cannot be used or waits. Its error is why ha.hcl cannot be used.
func (w *whys) configuration() error {
	cfg, invalid := w.app.load(w.host)
	w.cfg = cfg
	if invalid == nil && (w.watch == nil || w.watch.Waits == "") {
		return nil
	}
	if before, _, err := w.app.inForce(w.host); err == nil && before != nil {
		w.cfg = before
	}
	return invalid
}

// because is what is explained about one thing.
type because struct {
	About string   `json:"about"`
	Says  []string `json:"says"`
}

// whys are the reasons of a node, as they are gathered.
type whys struct {
	app      *app
	host     *host.Host
	cfg      *schema.Config
	watch    *status.Watch
	now      time.Time
	standing *takeover.Standing // nil: no daemon decides
	account  *failover.Account
	list     []because
	events   []timeline.Entry
}

func (w *whys) add(about string, says ...string) {
	says = slices.DeleteFunc(says, func(s string) bool { return s == "" })
	if len(says) > 0 {
		w.list = append(w.list, because{about, says})
	}
}

// lastEvents is how many events of the record are told.
const lastEvents = 5

func (w *whys) explain(ctx context.Context, invalid bool) error {
	w.add("This node", w.role(), w.runs())
	if invalid {
		w.add("ha.hcl", "It cannot be used as it is now, see below: what was in force before is explained here, and stays in force.")
	}
	if err := w.decider(); err != nil {
		return err
	}
	if err := w.replication(ctx); err != nil {
		return err
	}
	w.heldBack()
	events, err := record.Read(w.host)
	if err != nil {
		return err
	}
	for _, e := range events[max(0, len(events)-lastEvents):] {
		w.events = append(w.events, timeline.OfRecord(e))
	}
	return nil
}

func (w *whys) role() string {
	text := fmt.Sprintf("Its role is %s, as %s says", w.cfg.Node.Written, w.cfg.Origin("node.role"))
	if w.cfg.Peer.Address.IsValid() {
		text += ", and its peer is " + w.cfg.Peer.Address.String()
	}
	return text + "."
}

// runs says whether the telephony runs.
func (w *whys) runs() string {
	if resources.Serves(w.cfg, w.host) {
		return "Its telephony runs, so calls may be going on here."
	}
	return "Its telephony does not run."
}
