package companion

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/units"
)

// Options are what is followed, and by what.
type Options struct {
	Nodes    []string // URLs, ways to one node
	Gate     string   // a URL that must answer before the units are started; "": none
	TLS      *tls.Config
	Interval time.Duration
	Policy   Policy
	Units    units.Set
	Log      *slog.Logger
	// Round is told after each round why the units do what they do.
	Round func(reason string)
}

// Run follows until the context ends.
func Run(ctx context.Context, o Options) {
	f := &follower{options: o, ask: newAsker(o.TLS), keeper: &units.Keeper{Set: o.Units, Log: o.Log}}
	defer f.keeper.End()
	ticker := time.NewTicker(o.Interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		f.round(ctx)
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// follower is the daemon between two rounds.
type follower struct {
	options Options
	ask     *asker
	keeper  *units.Keeper
	memory  Memory
	open    bool // the gate has been, since the node was last not active
	told    tale
}

// tale is what is worth a line in the log when it changes.
type tale struct {
	order Order
	since time.Time
	shut  bool // the gate is, and would else be passed
}

// round asks once, and has the units follow.
func (f *follower) round(ctx context.Context) {
	sight := f.ask.look(ctx, f.options.Nodes)
	if ctx.Err() != nil {
		return
	}
	memory, d := Decide(f.memory, time.Now(), f.options.Policy, sight)
	f.memory = memory
	d, shut := f.gated(ctx, d)
	if ctx.Err() != nil {
		return
	}
	if d.Order != Hold {
		f.keeper.Keep(ctx, d.Order == Start, false)
	}
	f.tell(d, shut)
}

// gated holds a start back until what it waits for answers.
func (f *follower) gated(ctx context.Context, d Decision) (_ Decision, shut bool) {
	gate := f.options.Gate
	switch {
	case d.Order == Stop:
		f.open = false
	case d.Order == Start && gate != "" && !f.open:
		if err := f.ask.open(ctx, gate); err != nil {
			return Decision{Hold, d.Since, fmt.Sprintf("%s; the start waits until %s answers: %s", d.Reason, gate, err)}, true
		}
		f.open = true
	}
	return d, false
}

// tell logs what is new: what holds the units loudly.
func (f *follower) tell(d Decision, shut bool) {
	d.Reason = host.OneLine(d.Reason)
	if now := (tale{d.Order, d.Since, shut}); now != f.told {
		f.told = now
		switch log := f.options.Log; {
		case d.Order == Start:
			log.Info("the units are to run", "why", d.Reason)
		case d.Order == Stop:
			log.Info("the units are not to run", "why", d.Reason)
		case f.memory.answer == Silent:
			log.Warn("the units stay as they are", "why", d.Reason)
		default:
			log.Info("the units stay as they are", "why", d.Reason)
		}
	}
	if failure := f.keeper.Failure(); failure != "" {
		d.Reason += "; " + failure
	}
	f.options.Round(d.Reason)
}
