package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
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
	return replicate.Standings(ctx, o, behind)
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
func listed(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// age is a time span as a person says it.
func age(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
