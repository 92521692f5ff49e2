package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/upgrade"
)

// perform carries out a step of hotpair's own.
func (g *guiding) perform(ctx context.Context, step string) error {
	switch step {
	case upgrade.Replicate:
		return g.app.runReplicate(ctx, replicating{how: replicate.How{Why: "upgrade", Patience: usualPatience}})
	case upgrade.Verify:
		return g.app.runReplicate(ctx, replicating{how: replicate.How{Why: "upgrade", Verify: true, Patience: usualPatience}})
	}
	length := usualMaintenance
	if step == upgrade.Resume {
		length = 0
	}
	if err := g.app.runMaintenance(ctx, length); err != nil {
		return err
	}
	return g.heeded(ctx, length > 0)
}

// heeded waits until the daemon tells that it pauses, or does not.
func (g *guiding) heeded(ctx context.Context, pauses bool) error {
	for deadline := time.Now().Add(takenIn); time.Now().Before(deadline); {
		if s, told := g.app.stands(g.host); told && s.Paused.After(time.Now()) == pauses {
			return nil
		}
		if err := wait(ctx, lookEvery); err != nil {
			return err
		}
	}
	return nil // the check of the step tells
}

// abandon forgets the upgrade. A pause that goes on is told of, or ended.
func (g *guiding) abandon(ctx context.Context) error {
	was, err := upgrade.Forget(g.host)
	if err != nil {
		return err
	}
	text := "No upgrade of this pair was under way."
	if was {
		text = "The upgrade is forgotten: `hotpair upgrade-guide` begins anew."
	}
	paused := g.standing.Paused.After(time.Now())
	if paused && !g.approved {
		text += fmt.Sprintf(" The pause lasts until %s: `hotpair maintenance --end` ends it.", clock(g.standing.Paused))
	}
	if g.app.json {
		g.app.emit("info", text, "upgrade", map[string]any{"upgrade": map[string]any{"under_way": false, "finished": false}})
	} else {
		fmt.Fprintln(g.app.out, text)
	}
	if paused && g.approved {
		return g.app.runMaintenance(ctx, 0)
	}
	return nil
}
