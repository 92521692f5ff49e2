package main

import "github.com/spf13/cobra"

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
			r, err := a.statusOf(c.Context(), n, p)
			if err != nil {
				return err
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
