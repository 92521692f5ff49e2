package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
)

func (a *app) validate() *cobra.Command {
	return &cobra.Command{
		Use:     "validate",
		Short:   "Check ha.hcl; touch nothing else",
		Example: "  hotpair validate\n  hotpair validate --config ./ha.hcl",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			h, err := host.Open(a.root)
			if err != nil {
				return err
			}
			cfg, err := a.load(h)
			if err != nil {
				return err
			}
			n := &node{cfg: cfg}
			message := fmt.Sprintf("ha.hcl is valid: this node is %s, %s, platform %s.", cfg.Node.Written, n.withPeer(), cfg.Platform.Name)
			if a.json {
				a.emit("info", message, "validated", map[string]any{"role": cfg.Node.Role, "peer": n.peer(), "platform": cfg.Platform.Name})
				return nil
			}
			fmt.Fprintln(a.out, message)
			for _, note := range resources.Idle(cfg) {
				fmt.Fprintf(a.out, "  note: %s\n", clean(note.Text))
			}
			return nil
		},
	}
}
