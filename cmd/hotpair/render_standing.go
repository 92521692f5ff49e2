package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/when"
	"github.com/hotpair/hotpair/resources/words"
	"github.com/hotpair/hotpair/schema"
)

// standings tells how what hotpair replicates from this node stands, or was
// replicated by hand while the stock scripts do; behind has the local database
// asked for what changed since.
func (n *node) standings(ctx context.Context, behind bool) ([]replicate.Standing, error) {
	if n.cfg.Node.Role != schema.Master {
		return nil, nil
	}
	if !resources.Follows(n.cfg) {
		if ever, err := replicate.Ever(n.host); err != nil || !ever {
			return nil, err
		}
	}
	o, err := resources.Replication(n.cfg, n.host, nil)
	if err != nil {
		return nil, err
	}
	list, err := replicate.Standings(ctx, o, behind)
	for i := range list {
		list[i].Due = due(n.cfg, list[i])
	}
	return list, err
}

// wholeEvery is how often everything is compared where changes are followed.
const wholeEvery = 24 * time.Hour

// due is when the next run is due after the last good one; zero: nobody knows,
// since there was none, or hotpair does not run it.
func due(cfg *schema.Config, s replicate.Standing) time.Time {
	schedule := cfg.Replication.Schedule
	if s.What == replicate.FilesName {
		schedule = cfg.Replication.FilesSchedule
	}
	switch {
	case s.Good.IsZero() || !resources.Follows(cfg):
		return time.Time{}
	case schedule == schema.OnChange:
		return s.Compared.Add(wholeEvery)
	}
	return when.Next(schedule, s.Good.Local())
}

// standingLine says it for a person.
func standingLine(s replicate.Standing, now time.Time) string {
	parts := []string{"never replicated"}
	if !s.Good.IsZero() {
		parts = []string{fmt.Sprintf("as on the master at %s (%s ago)", clock(s.Good), age(now.Sub(s.Good)))}
	}
	if !s.Verified.IsZero() {
		parts = append(parts, fmt.Sprintf("verified at %s (%s ago)", clock(s.Verified), age(now.Sub(s.Verified))))
	}
	if len(s.Behind) > 0 {
		parts = append(parts, "changed since: "+listed(s.Behind))
	}
	if s.Failure != "" {
		parts = append(parts, fmt.Sprintf("fails since %s: %s", clock(s.Failing), s.Failure))
	}
	for _, said := range []string{s.Waits, s.Unseen} {
		if said != "" {
			parts = append(parts, said)
		}
	}
	return strings.Join(parts, "; ")
}

// listed names the first three of many.
func listed(names []string) string { return words.Listed(names) }

// age is a time span as a person says it.
func age(d time.Duration) string { return words.Age(d) }
