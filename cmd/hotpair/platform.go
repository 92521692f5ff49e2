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

func (a *app) profiles() *cobra.Command {
	return &cobra.Command{
		Use:       "profiles [FILE]",
		Short:     "Print what is known of phones that change servers, or list the files",
		Long:      "profiles prints how long phones of one make take to change to the backup server\nand back. A block profile \"NAME\" { … } in ha.hcl changes that, or adds one.",
		Example:   "  hotpair profiles\n  hotpair profiles desk",
		Args:      atMostOne("file of profiles"),
		ValidArgs: schema.ProfileFiles(),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				fmt.Fprintln(a.out, strings.Join(schema.ProfileFiles(), "\n"))
				return nil
			}
			text, known := schema.ProfilesText(args[0])
			if !known {
				return usage(c, "there are no profiles %q, only %s", args[0], strings.Join(schema.ProfileFiles(), ", "))
			}
			_, err := a.out.Write(text)
			return err
		},
	}
}
