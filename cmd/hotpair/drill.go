package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
)

// drilling is what the command line says of a drill.
type drilling struct {
	probeOnly, now, approved    bool
	phones                      wholeNumber
	user, passwordFile, domain  string
	expiry, timerF, hold, limit patience
}

func (a *app) drill() *cobra.Command {
	asked := drilling{phones: 5, expiry: patience(time.Minute), timerF: patience(32 * time.Second), hold: patience(time.Minute), limit: patience(5 * time.Minute)}
	c := &cobra.Command{
		Use:   "drill",
		Short: "Rehearse a takeover with a stopwatch, or tell whether one could be",
		Long: `drill, on the standby, has synthetic phones register at the master, takes over as
` + "`hotpair failover`" + ` does, waits, gives the place back, and tells how long each phone
was without a server. Calls at the master end. With --probe-only it looks at what a
takeover needs and touches nothing.

Whatever goes wrong, it gives the place back and says so. Should drill itself be killed,
the daemon gives it back when --limit and --hold are over.

Phones are registered as hotpair-drill-1 and so on, or all as --user, whose password is
on the first line of a file: a user made for this, since contacts of a phone may be
replaced. They refresh at half of what the registrar grants.

Exit codes: 0 ready, or every phone kept within objective.max_outage; 1 it failed; 2 not
ready (--probe-only), or a phone was without a server for longer.`,
		Example: `  hotpair drill --probe-only
  hotpair drill
  hotpair drill --phones 20 --user drill --password-file /root/drill.pw --domain pbx.example.org --auto-approve`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if asked.probeOnly {
				return a.runProbeOnly(c.Context())
			}
			if err := asked.check(c); err != nil {
				return err
			}
			return a.runDrill(c.Context(), asked)
		},
	}
	asked.flags(c)
	return c
}

func (d *drilling) flags(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&d.probeOnly, "probe-only", false, "look at what a takeover needs; touch nothing")
	f.BoolVar(&d.now, "now", false, "do not wait for failover.failback.window")
	f.Var(&d.phones, "phones", "register `N` phones")
	f.StringVar(&d.user, "user", "", "`NAME` that all phones register as")
	f.StringVar(&d.passwordFile, "password-file", "", "`FILE` whose first line is the password of --user")
	f.StringVar(&d.domain, "domain", "", "`NAME` that phones register at; the address of each node unless set")
	f.Var(&d.expiry, "expiry", "`TIME` that phones ask to be registered for")
	f.Var(&d.timerF, "timer-f", "`TIME` that phones wait for an answer (RFC 3261, Timer F)")
	f.Var(&d.hold, "hold", "serve for `TIME` before the place is given back")
	f.Var(&d.limit, "limit", "give the place back when not all phones are at the standby after `TIME`")
	approveFlag(c, &d.approved)
}

// runProbeOnly tells whether a takeover could be.
func (a *app) runProbeOnly(ctx context.Context) error {
	o, told, err := a.decided()
	if err != nil {
		return err
	}
	if err := o.onStandby("drill"); err != nil {
		return err
	}
	standing := &o.standing
	if !told {
		standing = nil
	}
	checks := resources.Readiness(ctx, o.cfg, o.host, standing)
	if ctx.Err() != nil {
		return &exit{code: exitInterrupted, cause: errors.New("interrupted")}
	}
	budget, err := o.budget(ctx)
	if err != nil {
		return err
	}
	a.showReadiness(o, checks, budget)
	if len(unready(checks)) > 0 {
		return &exit{code: exitDifferent}
	}
	return nil
}

// budget is how long phones can be without a server, by the formula.
func (o *ordered) budget(ctx context.Context) (resources.Outage, error) {
	n, err := o.app.nodeOf(o.host, o.cfg)
	if err != nil {
		return resources.Outage{}, err
	}
	return resources.OutageOf(ctx, o.cfg, n.env, nil), nil
}

func (a *app) runDrill(ctx context.Context, asked drilling) error {
	o, err := a.orders()
	if err != nil {
		return err
	}
	if err := o.onStandby("drill"); err != nil {
		return err
	}
	if !asked.now && !resources.WindowOpen(o.cfg, time.Now()) {
		return errors.New("failover.failback.window is not open now, and a drill ends calls: wait for it, or use --now")
	}
	phones, err := asked.options(o.cfg, o.host)
	if err != nil {
		return err
	}
	if not := unready(resources.Readiness(ctx, o.cfg, o.host, &o.standing)); len(not) > 0 {
		return fmt.Errorf("this pair is not ready for a takeover (`hotpair drill --probe-only` tells more):\n%s", toMend(not))
	}
	if !a.json {
		fmt.Fprintf(a.out, "%s\n%s\nThe place is given back %s after the phones are here; %s after the order the daemon does so whatever happens.\n",
			o.standing.Reason, handingOver(o.standing), resources.Span(time.Duration(asked.hold)), resources.Span(asked.lasts()))
	}
	if !asked.approved {
		if err := a.ask(ctx, "Take over, and give back?", "use --auto-approve"); err != nil {
			return err
		}
	}
	alone, err := o.alone(ctx)
	if err != nil {
		return err
	}
	defer alone.Release()
	r := &rehearsal{ordered: o, asked: asked}
	a.note().Info("drill began", "phones", int(asked.phones))
	err = r.run(ctx, phones)
	result := ended(err)
	if err == nil || result == "" {
		result = r.verdict()
	}
	a.note().Info("drill ended", "result", result)
	return err
}

// lasts is how long after the order the daemon gives the place back, whatever
// becomes of the drill.
func (d *drilling) lasts() time.Duration {
	return time.Duration(d.limit+d.hold) + resources.DrillSlack
}
