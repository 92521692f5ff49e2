package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// outage is how long the phones of a pair can be without a server; nil for a
// node that is in none.
func (n *node) outage(ctx context.Context, p reconcile.Plan) *resources.Outage {
	if n.cfg.Node.Role == schema.Disabled {
		return nil
	}
	o := resources.OutageOf(ctx, n.cfg, n.env, p.Unseen)
	return &o
}

// showOutage prints it after a plan.
func (a *app) showOutage(n *node, o *resources.Outage) {
	switch {
	case o == nil:
	case a.json:
		lines := a.outageLines(n.cfg, *o)
		a.emit("info", "Outage: "+strings.Join(lines, " "), "outage", map[string]any{"outage": resources.OutageStatus(o)})
	default:
		for i, line := range a.outageLines(n.cfg, *o) {
			if i == 0 {
				line = "\nOutage: " + line
			} else {
				line = "  " + line
			}
			fmt.Fprintln(a.out, line)
		}
	}
}
