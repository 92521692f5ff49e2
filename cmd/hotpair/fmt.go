package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) format() *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use:     "fmt [FILE...]",
		Short:   "Put ha.hcl into the canonical format",
		Long:    "fmt rewrites files in the canonical format and prints the names of those it changed.\nA file that does not parse is left alone.",
		Example: "  hotpair fmt\n  hotpair fmt --check ha.hcl      # exits 1 when it would change something",
		RunE: func(_ *cobra.Command, files []string) error {
			h, err := host.Open(a.root)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				files = a.paths(h)
			}
			sources, diags := schema.Read(files)
			a.sources = sources
			if diags.HasErrors() {
				return &badConfig{diags}
			}
			return a.formatAll(sources, check)
		},
	}
	c.Flags().BoolVar(&check, "check", false, "write nothing; exit 1 when a file is not in the canonical format")
	return c
}

// formatAll formats every file, or none when one of them does not parse.
func (a *app) formatAll(sources []schema.Source, check bool) error {
	changed := map[string][]byte{}
	for _, s := range sources {
		text, diags := schema.Format(s)
		if diags.HasErrors() {
			return &badConfig{diags}
		}
		if !bytes.Equal(text, s.Text) {
			changed[s.Name] = text
		}
	}
	for _, s := range sources {
		text, differs := changed[s.Name]
		if !differs {
			continue
		}
		fmt.Fprintln(a.out, s.Name)
		if !check {
			if err := disk.Replace(s.Name, text, 0o644); err != nil {
				return err
			}
		}
	}
	if check && len(changed) > 0 {
		return &exit{code: exitError}
	}
	return nil
}
