package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/hotpair/hotpair/resources/takeover"
)

const (
	usualMaintenance   = 2 * time.Hour
	longestMaintenance = 7 * 24 * time.Hour
)

func (a *app) maintenance() *cobra.Command {
	var (
		length time.Duration
		end    bool
	)
	c := &cobra.Command{
		Use:   "maintenance",
		Short: "Have nothing taken over or given back for a time",
		Long:  "maintenance has the daemons of the pair leave the services as they are while you work\non a node: nothing is taken over and nothing given back by itself, whichever node it is\nrun on. On the master nothing is replicated by itself either. It ends by itself.\n`hotpair failover`, `hotpair failback` and `hotpair replicate` work meanwhile.",
		Example: `  hotpair maintenance              # for two hours
  hotpair maintenance --for 30m
  hotpair maintenance --end`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if length <= 0 || length > longestMaintenance {
				return usage(c, "--for must be longer than nothing and at most %s", longestMaintenance)
			}
			if end {
				length = 0
			}
			return a.runMaintenance(c.Context(), length)
		},
	}
	c.Flags().DurationVar(&length, "for", usualMaintenance, "how `LONG`, such as 30m or 2h")
	c.Flags().BoolVar(&end, "end", false, "end it now")
	return c
}

func (a *app) runMaintenance(ctx context.Context, length time.Duration) error {
	o, err := a.orders()
	if err != nil {
		return err
	}
	until := time.Now().UTC().Add(length).Truncate(time.Second)
	if err := o.give(ctx, takeover.Order{Pause: &until}); err != nil {
		return err
	}
	text := fmt.Sprintf("Maintenance until %s: nothing is taken over or given back by itself. End it with `hotpair maintenance --end`.", clock(until))
	if length == 0 {
		text = "Maintenance of this node is over. One that was begun on the peer lasts until it ends there."
	}
	if a.json {
		a.emit("info", text, "maintenance", map[string]any{"until": until})
		return nil
	}
	fmt.Fprintln(a.out, text)
	return nil
}
