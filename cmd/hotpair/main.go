// Command hotpair keeps a pair of telephony servers a hot pair, as ha.hcl says.
//
// This package parses the command line, prints, and turns errors into exit
// codes. It decides nothing about a node: package schema reads ha.hcl, package
// resources declares what it means, and package reconcile plans and applies.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

const version = "0.1.0"

// The exit codes, as the manual lists them.
const (
	exitOK          = 0
	exitError       = 1
	exitDifferent   = 2
	exitLocked      = 3
	exitInPart      = 4
	exitInterrupted = 130
)

func main() {
	hasten()
	// A lost terminal or reader must not end an apply between a change and its
	// follow-up.
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once
	}()
	os.Exit(run(ctx, os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}

// stdio is where a run reads and prints.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// exit is an error that asks for an exit code of its own. Without a cause it is
// silent: everything has been said.
type exit struct {
	code    int
	cause   error
	changed bool // something was changed all the same
	remote  bool // it is the standby where nothing was changed
}

func (e *exit) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e *exit) Unwrap() error { return e.cause }

func run(ctx context.Context, args []string, std stdio) int {
	out := &output{Writer: std.out}
	std.out = out
	a := &app{stdio: std}
	root := a.command()
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.lost()
	}
	a.complain(err)
	a.endNotes()
	return exitCode(err)
}

func exitCode(err error) int {
	var e *exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitError
}

// command is the whole command line.
func (a *app) command() *cobra.Command {
	var tellVersion bool
	root := &cobra.Command{
		Use:           "hotpair",
		Short:         "Keep a pair of telephony servers a hot pair, as ha.hcl says",
		Long:          "hotpair keeps a pair of telephony servers (Wazo, XiVO, Asterisk) a hot pair.\nOne file, /etc/hotpair/ha.hcl, says what this node is; plan shows what differs,\napply makes it so.\n\nExit codes: 0 done or nothing to do, 1 error, 2 differences (drift, plan --detailed-exitcode)\nor something to mend (doctor),\n3 another hotpair is running, 4 applied in part, 130 interrupted.",
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			if tellVersion {
				a.showVersion()
				return nil
			}
			return c.Help()
		},
	}
	root.Flags().BoolVar(&tellVersion, "version", false, "print hotpair's version")
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		a.name = c.Name()
		return a.setUp()
	}
	root.SetFlagErrorFunc(flagError)
	a.flags(root.PersistentFlags())
	for _, make := range []func() *cobra.Command{
		a.validate, a.format, a.plan, a.apply, a.watch, a.companion, a.drift, a.adopt, a.status, a.doctor, a.replicate, a.history, a.alert, a.platform, a.profiles, a.version,
		a.failover, a.failback, a.maintenance, a.upgradeGuide, a.drill, a.simulate, a.init, a.authorize, a.peer, a.peerInside, a.deadMan, a.uninstall,
		a.timeline, a.why,
		a.runbook,
		a.manual,
	} {
		root.AddCommand(make())
	}
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		completes(completion)
	}
	return root
}

// usage turns an error of the command line's own words into advice.
func usage(c *cobra.Command, format string, args ...any) error {
	return fmt.Errorf(format+": see `%s --help`", append(args, c.CommandPath())...)
}
