package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) history() *cobra.Command {
	most := wholeNumber(20)
	c := &cobra.Command{
		Use:     "history",
		Short:   "List what was replicated when, and how it went",
		Long:    "history lists the recorded replications of this master, the newest last.",
		Example: "  hotpair history\n  hotpair history -n 100 --json",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			h, err := host.Open(a.root)
			if err != nil {
				return err
			}
			list, err := replicate.History(h)
			if err != nil {
				return err
			}
			for _, e := range list[max(0, len(list)-int(most)):] {
				if a.json {
					a.emit("info", clean(e.Line()), "replication", map[string]any{"replication": e})
				} else {
					fmt.Fprintf(a.out, "%s  %-9s %s\n", clock(e.At), e.Why, clean(e.Line()))
				}
			}
			a.quiet = true
			cfg, err := a.usable(h)
			switch {
			case a.json:
			case err == nil && cfg.Node.Role == schema.Slave:
				fmt.Fprintln(a.out, "The master keeps the history: run it there.")
			case len(list) == 0:
				fmt.Fprintln(a.out, "Nothing has been replicated from this node yet.")
			}
			return nil
		},
	}
	c.Flags().VarP(&most, "number", "n", "list the last `N`")
	return c
}
