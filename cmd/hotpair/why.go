package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// decider tells who decides who serves, and why so.
func (w *whys) decider() error {
	switch {
	case w.cfg.Node.Role == schema.Disabled:
		w.add("Failover", "This node is in no pair, so nothing is taken over and nothing replicated.")
		return nil
	case !resources.Decides(w.cfg):
		w.add("Failover", fmt.Sprintf("%s says that the stock scripts run, so the stock master check decides who serves, and hotpair only looks on. Leave replication.runner out to have hotpair decide.", w.cfg.Origin("replication.runner")))
		return nil
	}
	s, told := w.app.stands(w.host)
	if !told {
		return w.undecided()
	}
	w.standing = &s
	account, err := takeover.Account(w.host, resources.Failover(w.cfg, w.host), s)
	if err != nil {
		return err
	}
	_, why := takeover.Keeps(w.host)
	w.account = &account
	w.add(standsAs(s), w.since(s, why), failoverLine(s))
	w.add("To act", append(w.due(s), account.Would...)...)
	return nil
}

// standsAs names what a node does.
func standsAs(s takeover.Standing) string {
	if s.Serve {
		return "Serves"
	}
	return "Stands by"
}

// since says when that was decided, and why.
func (w *whys) since(s takeover.Standing, why string) string {
	if why == "" || s.Since.IsZero() {
		return ""
	}
	text := fmt.Sprintf("Since %s: %s", clock(s.Since), strings.TrimSuffix(why, ".")+".")
	switch {
	case s.Doing != "" || s.Serve == s.Serving:
	case s.Serve:
		text += " All the same its telephony does not run."
	default:
		text += " All the same its telephony runs."
	}
	return text
}

// due says how long is left.
func (w *whys) due(s takeover.Standing) []string {
	if left := s.Due.Sub(w.now); left > 0 {
		return []string{fmt.Sprintf("%s are left until %s.", spelled(left), s.Due.Local().Format("15:04:05"))}
	}
	return nil
}

// undecided tells who decides while no daemon does.
func (w *whys) undecided() error {
	var s status.Status
	if err := w.app.failoverOf(&node{host: w.host, cfg: w.cfg}, &s); err != nil {
		return err
	}
	says := "`hotpair watch` does not run on this node. Who serves is decided " + s.Undecided + "."
	switch {
	case w.watch != nil:
		says = "`hotpair watch` runs, but does not decide who serves: " + w.watch.Line() + "."
	case w.cfg.Node.Role == schema.Master:
		says = "`hotpair watch` does not run on this node: it serves, and its standby decides by what it sees of it."
	}
	w.add("Failover", says)
	if keeps, why := takeover.Keeps(w.host); keeps && w.cfg.Node.Role == schema.Slave {
		w.add("Serves", "It took over when the daemon ran last: "+why, "It goes on serving until the daemon runs again and gives the place back.")
	}
	if w.watch == nil {
		w.add("To act", "Start the daemon with `systemctl start hotpair`, and see `journalctl -u hotpair` for why it ended.")
	}
	return nil
}
