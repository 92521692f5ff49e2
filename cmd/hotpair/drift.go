package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile"
)

func (a *app) drift() *cobra.Command {
	c := &cobra.Command{
		Use:     "drift",
		Short:   "Show differences that no edit of ha.hcl explains; change nothing",
		Long:    "drift shows what somebody changed behind hotpair's back since it was last in order.\nIt exits 2 when there is any.",
		Example: "  hotpair drift",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a.quiet = true
			_, p, err := a.look(c.Context())
			if err != nil {
				return err
			}
			drifted := drifted(p)
			a.showDrift(p, drifted)
			if len(drifted) > 0 {
				return &exit{code: exitDifferent}
			}
			return nil
		},
	}
	a.detailsFlag(c)
	return c
}

// drifted keeps of each step what has drifted.
func drifted(p reconcile.Plan) []reconcile.Step {
	var steps []reconcile.Step
	for _, s := range p.Steps {
		if len(s.Drifted) > 0 {
			steps = append(steps, s)
		}
	}
	return steps
}

func (a *app) showDrift(p reconcile.Plan, steps []reconcile.Step) {
	if a.json {
		for _, s := range steps {
			a.emitStep("resource_drift", s)
		}
		a.emitSummary("drift", p)
		return
	}
	if len(steps) == 0 {
		fmt.Fprintf(a.out, "No drift: %s.\n", looked(p))
		return
	}
	t := a.table()
	for _, s := range steps {
		t.step(s, s.Drifted)
	}
	fmt.Fprintf(a.out, "%s\nDrift in %s. `hotpair apply` puts it in order again. %s\n", t, count(len(steps), "resource"), nothingChanged)
}
