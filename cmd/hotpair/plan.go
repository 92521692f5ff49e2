package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
)

func (a *app) plan() *cobra.Command {
	var out string
	var detailed bool
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what would change on this node; change nothing",
		Long:  "plan compares /etc/hotpair/ha.hcl and ha.d/*.hcl with this node and contacts no other.\nIn a pair it ends with how long phones can be without a server at worst.\n\n  +  is made          !  is done after the changes\n  ~  is changed       ?  waits for consent: hotpair apply --allow WORD\n  -  is removed",
		Example: `  hotpair plan
  hotpair plan --out tonight.plan      # hotpair apply tonight.plan does exactly this
  hotpair plan --detailed-exitcode     # 2 when something would change`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			n, p, err := a.look(c.Context())
			if err != nil {
				return err
			}
			a.showPlan(n, p)
			if out != "" {
				if err := a.savePlan(n, p, out); err != nil {
					return err
				}
			}
			if !a.json && !p.Empty() {
				fmt.Fprintln(a.out, nothingChanged)
			}
			a.showOutage(n, n.outage(c.Context(), p))
			if detailed && !p.Empty() {
				return &exit{code: exitDifferent}
			}
			return nil
		},
	}
	a.detailsFlag(c)
	c.Flags().StringVar(&out, "out", "", "save the plan in `FILE`, for hotpair apply FILE")
	c.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit 2 when something would change")
	return c
}

// detailsFlag adds --details to a command that shows a plan.
func (a *app) detailsFlag(c *cobra.Command) {
	c.Flags().BoolVar(&a.details, "details", false, "show every attribute, where a count would say it: each phone by itself, and each kind of phone")
}

// planned plans this node, for looking at.
func (n *node) planned(ctx context.Context) (reconcile.Plan, error) {
	e, err := n.engine(ctx, nil)
	if err != nil {
		return reconcile.Plan{}, err
	}
	return e.Plan(ctx)
}

func (a *app) savePlan(n *node, p reconcile.Plan, file string) error {
	text, err := p.Save(n.subject())
	if err != nil {
		return err
	}
	if err := disk.Replace(file, text, 0o600); err != nil {
		return err
	}
	if !a.json {
		fmt.Fprintf(a.out, "Saved. `hotpair apply %s` carries out exactly this plan.\n", file)
	}
	return nil
}
