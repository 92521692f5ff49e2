package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/schema"
)

// noArgs is for a command that takes flags alone.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(c, "%s takes no argument %q", c.CommandPath(), args[0])
	}
	return nil
}

// atMostOne is for a command that takes one thing.
func atMostOne(thing string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage(c, "%s takes one %s, not %d", c.CommandPath(), thing, len(args))
		}
		return nil
	}
}

// onePart takes one of the parts that are replicated.
func onePart(c *cobra.Command, args []string) error {
	for _, arg := range args {
		if !slices.Contains(c.ValidArgs, arg) {
			return fmt.Errorf("there is no part %q, only %s.%s", arg, strings.Join(c.ValidArgs, " and "), schema.DidYouMean(arg, c.ValidArgs))
		}
	}
	if len(args) > 1 {
		return usage(c, "name %s; without either, both are copied", strings.Join(c.ValidArgs, " or "))
	}
	return nil
}

// completes words what `hotpair completion` cannot do.
func completes(c *cobra.Command) {
	var shells []string
	for _, shell := range c.Commands() {
		shell.Args = noArgs
		shells = append(shells, shell.Name())
	}
	c.Example = "  hotpair completion bash > /etc/bash_completion.d/hotpair"
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage(c, "there is no completion for %q, only for %s", args[0], strings.Join(shells, ", "))
		}
		return nil
	}
}
