package main

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hotpair/hotpair/schema"
)

// manual writes the manual's pages, for the package.
func (a *app) manual() *cobra.Command {
	return &cobra.Command{
		Use:     "manual DIR",
		Short:   "Write the manual's pages into a directory; the package is made with it",
		Example: "  hotpair manual man",
		Hidden:  true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(c, "%s takes one directory", c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return writeManual(c.Root(), args[0]) },
	}
}

// writeManual writes hotpair(1), a page for each command, and ha.hcl(5).
func writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pages := map[string]string{"hotpair.1": programPage(root), "ha.hcl.5": languagePage(schema.Reference())}
	for _, c := range root.Commands() {
		if documented(c) {
			pages["hotpair-"+c.Name()+".1"] = commandPage(c)
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func documented(c *cobra.Command) bool { return !c.Hidden && c.Name() != "help" }

// programPage is hotpair(1).
func programPage(root *cobra.Command) string {
	var p page
	p.title("hotpair", "1", root.Short)
	p.section("SYNOPSIS").synopsis("hotpair COMMAND [FLAGS]")
	about, codes, _ := strings.Cut(root.Long, "Exit codes:")
	p.section("DESCRIPTION").text(about)
	p.section("COMMANDS")
	for _, c := range root.Commands() {
		if documented(c) {
			p.item("hotpair "+c.Name(), c.Short+". See hotpair-"+c.Name()+"(1).")
		}
	}
	p.section("OPTIONS").text("They are taken by every command.")
	root.PersistentFlags().VisitAll(p.flag)
	p.section("EXIT STATUS").text(codes)
	p.section("FILES")
	for _, f := range nodeFiles() {
		p.item(f.name, f.what)
	}
	p.section("SEE ALSO").text("ha.hcl(5), the unit hotpair.service, and /usr/share/doc/hotpair/README.md.gz")
	return p.String()
}

func nodeFiles() []struct{ name, what string } {
	return []struct{ name, what string }{
		{"/etc/hotpair/ha.hcl, /etc/hotpair/ha.d/*.hcl", "What this node is: ha.hcl(5)."},
		{"/var/lib/hotpair/", "What the node was before hotpair, what was last in order, and what is still owed."},
		{"/var/lib/hotpair/kept/", "Rows that a standby made while it served. They are yours: hotpair never removes them."},
		{"/run/hotpair/", "Locks, and how the daemon stands."},
	}
}

// commandPage is the page of one command.
func commandPage(c *cobra.Command) string {
	var p page
	p.title("hotpair-"+c.Name(), "1", c.Short)
	p.section("SYNOPSIS").synopsis(c.UseLine())
	p.section("DESCRIPTION").text(cmp.Or(c.Long, c.Short+"."))
	flags := c.NonInheritedFlags()
	if flags.HasAvailableFlags() {
		p.section("OPTIONS")
		flags.VisitAll(p.flag)
	}
	if c.Example != "" {
		p.section("EXAMPLES").verbatim(c.Example)
	}
	p.section("SEE ALSO").text("hotpair(1), ha.hcl(5)")
	return p.String()
}

// languagePage is ha.hcl(5).
func languagePage(entries []schema.Entry) string {
	var p page
	p.title("ha.hcl", "5", "What a node of a telephony pair is")
	p.section("DESCRIPTION").text("/etc/hotpair/ha.hcl says what this node is. Files in /etc/hotpair/ha.d whose names end in .hcl are read after it, in the order of their names; of two that set an argument, the later one wins. What nobody sets comes from the platform, which `hotpair platform` prints.")
	p.text("The language is HCL: blocks, arguments, and the functions file, env, concat, format, lower and upper. `hotpair validate` names every mistake with its line.")
	p.section("ARGUMENTS")
	for _, e := range entries {
		doc := e.Doc + " (" + e.Kind
		if e.Default != "" {
			doc += ", preset " + e.Default
		}
		p.item(e.Path, doc+")")
	}
	p.section("EXAMPLE").verbatim("  node {\n    role = \"master\"\n  }\n\n  peer {\n    address = \"10.0.0.2\"\n  }")
	p.section("SEE ALSO").text("hotpair(1), hotpair-adopt(1), and the files in /usr/share/doc/hotpair/examples")
	return p.String()
}

// flag lists one option.
func (p *page) flag(f *pflag.Flag) {
	if f.Hidden {
		return
	}
	value, what := pflag.UnquoteUsage(f)
	name := "--" + f.Name
	if value != "" {
		name += " " + value
	}
	if f.Value.Type() != "bool" && f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "0" {
		what += " (" + f.DefValue + " unless said otherwise)"
	}
	p.item(name, capitalised(what)+".")
}
