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
			a.read.Sources = sources
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
	if check && len(changed) > 0 {
		a.list(sources, changed)
		return &exit{code: exitError}
	}
	for i, s := range sources {
		if text, differs := changed[s.Name]; differs {
			if err := disk.Replace(s.Name, text, 0o644); err != nil {
				a.list(sources[:i], changed)
				return &exit{code: exitInPart, cause: err, changed: true}
			}
		}
	}
	a.list(sources, changed)
	return nil
}

// list prints the names of those sources that are not in the canonical format.
func (a *app) list(sources []schema.Source, changed map[string][]byte) {
	for _, s := range sources {
		if _, differs := changed[s.Name]; differs {
			fmt.Fprintln(a.out, s.Name)
		}
	}
}
