package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/reconcile/failover/simulate"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// mostPhones bounds how long a simulation takes.
const mostPhones = 100_000

// simulation is what the command line says of one.
type simulation struct {
	phones wholeNumber
	start  patience
	seed   uint64
}

func (a *app) simulate() *cobra.Command {
	asked := simulation{phones: 500, start: patience(resources.AssumedStart), seed: 1}
	c := &cobra.Command{
		Use:     "simulate [SCENARIO]",
		Short:   "Show what a failure would do to the pair and its phones; touch nothing",
		Long:    simulateLong(),
		Example: "  hotpair simulate\n  hotpair simulate power-loss --phones 2000\n  hotpair simulate asterisk-hangs --services-start 20s --json",
		Args:    atMostOne("scenario"),
		RunE: func(_ *cobra.Command, args []string) error {
			scenarios, err := scenariosOf(args)
			if err != nil {
				return err
			}
			if asked.phones > mostPhones {
				return fmt.Errorf("--phones \"%d\" is more than the %d that are simulated", asked.phones, mostPhones)
			}
			a.quiet = true
			h, err := host.Open(a.root)
			if err != nil {
				return err
			}
			defer h.Close()
			cfg, err := a.load(h)
			if err != nil {
				return err
			}
			a.simulated(cfg, asked, scenarios)
			return nil
		},
	}
	for _, s := range simulate.Scenarios() {
		c.ValidArgs = append(c.ValidArgs, s.Name)
	}
	c.Flags().Var(&asked.phones, "phones", "simulate `N` phones")
	c.Flags().Var(&asked.start, "services-start", "`TIME` until the services of a node answer")
	c.Flags().Uint64Var(&asked.seed, "seed", 1, "`N` that the phones' registrations are drawn from")
	return c
}

func simulateLong() string {
	var b strings.Builder
	b.WriteString("simulate reads ha.hcl alone, whichever node it is for, and lives through a failure of\n" +
		"the pair: both nodes decide as `hotpair watch` does, second by second. No node is\n" +
		"contacted and nothing is changed. Without a scenario it goes through all of them:\n\n")
	for _, s := range simulate.Scenarios() {
		fmt.Fprintf(&b, "  %-22s %s\n", s.Name, s.Doc)
	}
	b.WriteString("\nPhones refresh when their registration expires, which lasts from sip_expiry.default to\n" +
		"max, and ask the other node after 32 s of silence: the worst that they may do. Calls are\n" +
		"not simulated, and failover.failback.window is taken as open. Times count from the first\n" +
		"event.")
	return b.String()
}

// scenariosOf are the scenarios that are asked for.
func scenariosOf(args []string) ([]simulate.Scenario, error) {
	all := simulate.Scenarios()
	if len(args) == 0 {
		return all, nil
	}
	var names []string
	for _, s := range all {
		if s.Name == args[0] {
			return []simulate.Scenario{s}, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("there is no scenario %q: `hotpair simulate --help` lists them.%s", args[0], schema.DidYouMean(args[0], names))
}

// simulated runs scenarios and shows what came of them.
func (a *app) simulated(cfg *schema.Config, asked simulation, scenarios []simulate.Scenario) {
	pair := resources.Simulation(cfg, int(asked.phones))
	pair.Start, pair.Seed = time.Duration(asked.start), asked.seed
	var results []simulate.Result
	for _, s := range scenarios {
		results = append(results, simulate.Run(pair, s))
	}
	switch {
	case a.json:
		for _, r := range results {
			a.emitSimulation(cfg, r)
		}
	case len(results) == 1:
		a.showSimulation(cfg, pair, results[0])
	default:
		a.showSimulations(cfg, pair, results)
	}
}
