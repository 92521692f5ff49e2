package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/doctor"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

func (a *app) doctor() *cobra.Command {
	var (
		peer   bool
		except []string
	)
	c := &cobra.Command{
		Use:   "doctor [CODE...]",
		Short: "Look whether the pair has what it needs, and tell what mends it; change nothing",
		Long: "doctor looks at everything that a pair needs, or at what is named by its code, and tells\nwhat it found, why it matters, and the command or the edit that mends it. Each check has\n10 s; what travels to the peer has 30 s. Without --peer nothing is sent to the peer.\n" +
			"On the master, --peer asks the standby over the channel for what it finds out about\nitself; on the standby, which has no channel to its master, it asks by ping and SIP.\n\nExit codes: 0 all is well; 2 something is to be mended; 1 nothing is, as far as could be\nlooked at, but something could not.",
		Example:           "  hotpair doctor\n  hotpair doctor --peer\n  hotpair doctor --peer clock disk-room\n  hotpair doctor --except phones-backup,capacity --json",
		ValidArgsFunction: completeCodes,
		RunE: func(c *cobra.Command, codes []string) error {
			codes, err := without(codes, except)
			if err != nil {
				return err
			}
			return a.runDoctor(c.Context(), peer, codes)
		},
	}
	c.Flags().BoolVar(&peer, "peer", false, "ask the peer, too")
	c.Flags().StringSliceVar(&except, "except", nil, "`CODES` of checks that are left out")
	return c
}

func completeCodes(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var list []string
	for _, c := range doctor.Checks() {
		list = append(list, c.Code+"\t"+c.Looks)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// without takes some codes out of those that were named, or out of all.
func without(codes, except []string) ([]string, error) {
	all := doctor.Codes()
	for _, code := range append(slices.Clone(codes), except...) {
		if !slices.Contains(all, code) {
			return nil, fmt.Errorf("there is no check %q.%s `hotpair doctor` lists all", code, schema.DidYouMean(code, all))
		}
	}
	if len(except) == 0 {
		return codes, nil
	}
	if len(codes) == 0 {
		codes = all
	}
	codes = slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return slices.Contains(except, code) })
	if len(codes) == 0 {
		return nil, errors.New("--except leaves no check to be made")
	}
	return codes, nil
}

func (a *app) runDoctor(ctx context.Context, peer bool, codes []string) error {
	a.quiet = true
	n, err := a.open()
	if err != nil {
		return err
	}
	env := a.patient(n)
	env.AskPeer = peer
	found, err := doctor.Run(ctx, env, codes...)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return &exit{code: exitInterrupted, cause: errors.New("interrupted")}
	}
	a.showFindings(n, found)
	switch mend, unseen := doctor.Amiss(found); {
	case mend:
		return &exit{code: exitDifferent}
	case unseen:
		return &exit{code: exitError}
	}
	return nil
}

// patient is the node as the doctor sees it.
func (a *app) patient(n *node) doctor.Env {
	env := doctor.Env{Config: n.cfg, Node: n.env, Version: version, Plan: func(ctx context.Context, env resources.Env) (reconcile.Plan, error) {
		looked := *n
		looked.env = env
		return looked.planned(ctx)
	}}
	env.Node.Progress = nil
	if n.host.IsMachine() {
		env.Own = ownAddresses
	}
	if s, told := a.stands(n.host); told {
		env.Standing = &s
	}
	if s := status.Watched(n.host); s != nil {
		env.Fought = s.Fought
	}
	return env
}

// tellFacts answers the peer what this node finds out about itself.
func (a *app) tellFacts(h *host.Host, cfg *schema.Config) func(ctx context.Context, out io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		n, err := a.nodeOf(h, cfg)
		if err != nil {
			return err
		}
		return doctor.Tell(ctx, a.patient(n), out)
	}
}
