package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
)

// applying is what the command line says of one apply.
type applying struct {
	saved    string // a file that plan --out wrote; empty: plan now
	approved bool
	allow    []string
	patience patience
}

func (a *app) apply() *cobra.Command {
	var o applying
	c := &cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Make this node as ha.hcl says",
		Long:  "apply shows the plan, asks, carries it out in order and looks again.\nWith PLAN, a file that `hotpair plan --out` wrote, it carries out exactly that plan,\nor refuses when anything moved since; then it does not ask.",
		Example: `  hotpair apply
  hotpair apply --auto-approve --allow restart
  hotpair apply tonight.plan`,
		Args: atMostOne("plan"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.saved, o.approved = args[0], true
			}
			if err := knownConsent(c, o.allow); err != nil {
				return err
			}
			return a.runApply(c.Context(), o)
		},
	}
	a.detailsFlag(c)
	c.Flags().BoolVar(&o.approved, "auto-approve", false, "do not ask before changing anything")
	allowFlag(c, &o.allow)
	lockTimeoutFlag(c, &o.patience)
	return c
}

func lockTimeoutFlag(c *cobra.Command, p *patience) {
	c.Flags().Var(p, "lock-timeout", "wait at most `TIME`, such as 30s, for another hotpair to end")
}

func allowFlag(c *cobra.Command, allow *[]string) {
	c.Flags().StringSliceVar(allow, "allow", nil, "consent to what disturbs calls: `"+strings.Join(resources.Consents(), "|")+"`, repeatable")
}

func knownConsent(c *cobra.Command, allow []string) error {
	for _, word := range allow {
		if word == resources.Overwrite {
			return usage(c, "--allow %s belongs to `hotpair replicate`, not to %s", word, c.CommandPath())
		}
		if !slices.Contains(resources.Consents(), word) {
			return usage(c, "--allow %q is neither %s", word, strings.Join(resources.Consents(), " nor "))
		}
	}
	return nil
}

func (a *app) runApply(ctx context.Context, o applying) error {
	linger()
	h, err := host.Open(a.root)
	if err != nil {
		return err
	}
	lock, err := lock(ctx, h, "hotpair apply", time.Duration(o.patience))
	if err != nil {
		return err
	}
	defer lock.Release()
	again, err := a.applyOnce(ctx, h, o)
	if again && err == nil {
		// What could be looked at later only, since its services did not run.
		o.saved, o.approved = "", true
		_, err = a.applyOnce(ctx, h, o)
	}
	return err
}

// applyOnce plans and applies; again tells that the node serves now and did not
// before, so that more of it can be looked at.
func (a *app) applyOnce(ctx context.Context, h *host.Host, o applying) (again bool, err error) {
	n, e, err := a.cleared(ctx, h, o.allow)
	if err != nil {
		return false, err
	}
	served := resources.Serves(n.cfg, h)
	p, err := e.Plan(ctx)
	if err := cmp.Or(err, p.Err()); err != nil {
		return false, err
	}
	if o.saved != "" {
		if err := matchSaved(n, p, o.saved); err != nil {
			return false, err
		}
	}
	a.showPlan(n, p)
	if !p.Empty() && !o.approved {
		if err := a.ask(ctx, "Carry this out?", "use --auto-approve, or apply a saved plan"); err != nil {
			return false, err
		}
	}
	if err := a.accept(h); err != nil {
		return false, err
	}
	err = a.carryOut(ctx, e, p)
	return !served && resources.Serves(n.cfg, h), err
}

// cleared reads ha.hcl under the lock, and clears up what a crash left.
func (a *app) cleared(ctx context.Context, h *host.Host, allow []string) (*node, *reconcile.Engine, error) {
	cfg, err := a.load(h)
	if err != nil {
		return nil, nil, err
	}
	n, err := a.nodeOf(h, cfg)
	if err != nil {
		return nil, nil, err
	}
	e, err := n.engine(ctx, allow)
	if err != nil {
		return nil, nil, err
	}
	return n, e, resources.Sweep(h, e.Declared)
}

// matchSaved refuses a saved plan that is not what would be planned now.
func matchSaved(n *node, p reconcile.Plan, file string) error {
	stored, err := disk.ReadFile(file)
	if err != nil {
		return err
	}
	err = p.Matches(stored, n.subject())
	switch {
	case errors.Is(err, reconcile.ErrMoved):
		return fmt.Errorf("%s: %w. Run `hotpair plan --out %s` again and read it", file, err, file)
	case err != nil:
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// ask asks for a yes on a terminal.
func (a *app) ask(ctx context.Context, question, instead string) error {
	if !isTerminal(a.in) {
		return errors.New("there is no terminal to ask on: " + instead)
	}
	fmt.Fprintf(a.err, "\n%s Only yes is taken as yes: ", question)
	answer := make(chan string, 1)
	go func() {
		line, err := bufio.NewReader(a.in).ReadString('\n')
		if err != nil {
			line = ""
		}
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return &exit{code: exitInterrupted, cause: errors.New("interrupted")}
	case line := <-answer:
		if line != "yes" {
			return errors.New("not approved")
		}
		return nil
	}
}

func (a *app) carryOut(ctx context.Context, e *reconcile.Engine, p reconcile.Plan) error {
	e.Progress = a.progress
	o, err := e.Apply(ctx, p)
	if o.Changed() {
		a.note().Info("applied by hand", "what", stepNames(o.Done), "ran", strings.Join(o.Ran, ", "), "result", ended(err))
	}
	switch {
	case err == nil:
		a.showApplied(p, o)
		return nil
	case !o.Changed() && errors.Is(err, context.Canceled):
		return &exit{code: exitInterrupted, cause: errors.New("interrupted")}
	case !o.Changed():
		return &exit{code: exitError, cause: err}
	}
	a.showStopped(o, err)
	if errors.Is(err, context.Canceled) {
		return &exit{code: exitInterrupted}
	}
	return &exit{code: exitInPart}
}

// stepNames are what was changed, for the record.
func stepNames(steps []reconcile.Step) string {
	var names []string
	for _, s := range steps {
		names = append(names, s.ID.String())
	}
	return strings.Join(names, ", ")
}
