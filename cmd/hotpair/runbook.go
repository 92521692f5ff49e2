package main

import (
	_ "embed"

	"github.com/spf13/cobra"
)

// runbookText is for the night: it is in the program, since a browser may not be
// at hand.
//
//go:embed runbook.md
var runbookText string

func (a *app) runbook() *cobra.Command {
	return &cobra.Command{
		Use:     "runbook",
		Short:   "Print what to do when something is wrong, by what status says",
		Long:    "runbook prints the pages for whoever is called at night: what to look at, what it means,\nand the command that helps. It is part of the program, and touches nothing.",
		Example: "  hotpair runbook | less",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.out.Write([]byte(runbookText))
			return err
		},
	}
}
