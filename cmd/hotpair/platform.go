package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/schema"
)

func (a *app) platform() *cobra.Command {
	return &cobra.Command{
		Use:       "platform [NAME]",
		Short:     "Print what a platform presets, or list the platforms",
		Example:   "  hotpair platform\n  hotpair platform wazo",
		Args:      atMostOne("platform"),
		ValidArgs: schema.Platforms(),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				fmt.Fprintln(a.out, strings.Join(schema.Platforms(), "\n"))
				return nil
			}
			text, known := schema.PlatformText(args[0])
			if !known {
				return usage(c, "there is no platform %q, only %s", args[0], strings.Join(schema.Platforms(), ", "))
			}
			_, err := a.out.Write(text)
			return err
		},
	}
}
