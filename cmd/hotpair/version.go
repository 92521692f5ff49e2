package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print hotpair's version",
		Example: "  hotpair version",
		Args:    noArgs,
		Run:     func(*cobra.Command, []string) { a.showVersion() },
	}
}

func (a *app) showVersion() {
	if a.json {
		a.greet()
		return
	}
	fmt.Fprintf(a.out, "hotpair %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
