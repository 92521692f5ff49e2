package takeover

import (
	"context"
	"reflect"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/probe"
	"github.com/hotpair/hotpair/resources/units"
)

const (
	tick = time.Second
	// settles is how long services that are not as decided may be on their way, or
	// under somebody's hands.
	settles = time.Minute
)

// Loop watches, decides and acts, until its context ends.
type Loop struct {
	options  Options
	probes   *probe.Watch
	exchange *exchange
	conduct  *conductor
	served   served
	units    *units.Keeper // the companions

	known    kept
	written  kept
	boot     time.Time
	differs  time.Time // since when the services are not as decided
	going    time.Time // the transition that is being carried out
	standing Standing
	told     []byte // the same, as JSON
	trouble  string // why what is known is not stored
}

// New makes a loop, which does nothing before Run. Its error says what of the
// options makes no sense.
func New(o Options) (*Loop, error) {
	probes, err := probe.New(o.Probes)
	if err != nil {
		return nil, err
	}
	return &Loop{options: o, probes: probes, exchange: newExchange(o), conduct: &conductor{options: o}, boot: booted(),
		units: &units.Keeper{Set: units.Set{Host: o.Host, Names: o.Companions}, Log: o.Log}}, nil
}

// Run watches until the context ends. The script that starts or stops the
// services is waited for.
func (l *Loop) Run(ctx context.Context) {
	l.served.forget()
	var err error
	if l.known, err = recall(l.options.Host); err != nil {
		l.options.Log.Error(err.Error())
	}
	l.written, l.known = l.known, l.known.as(l.options.Policy.Master)
	var group sync.WaitGroup
	group.Go(func() { l.probes.Run(ctx) })
	if l.options.Open != nil {
		group.Go(func() { l.exchange.run(ctx) })
	}
	for ctx.Err() == nil {
		now := time.Now()
		l.step(ctx, now)
		l.probes.Wait(ctx, now, probe.Ticks{Interval: tick, MayRest: l.calm(), Votes: true})
	}
	group.Wait()
	l.conduct.group.Wait()
	l.units.End()
	l.carried()
	l.keep(true)
}

// step looks, decides and acts once.
func (l *Loop) step(ctx context.Context, now time.Time) {
	order, err := take(l.options.Host, now)
	if err != nil {
		l.options.Log.Warn("an order cannot be read", "error", err)
	}
	l.logOrder(order)
	before, sight := l.known.Memory, l.sight(now)
	after, d := failover.Decide(obeyed(l.known.Memory, order), now, l.options.Policy, sight)
	l.known.Memory = after
	if !before.Begun && after.Serving == l.options.Policy.Master {
		l.known.Done = after.Since // it begins as it was found
	}
	l.act(ctx, now, sight.Self, d)
	l.accompany(ctx, sight.Self, d)
	l.publish(sight, d)
	l.turned(before)
	l.keep(false)
}

// calm tells whether nothing is to be waited for but the probes.
func (l *Loop) calm() bool {
	s := l.standing
	return s.Peer == failover.PeerHealthy && s.Trouble == failover.NoTrouble && s.Asks == failover.Nothing && s.Paused.IsZero() && !s.Busy && s.Doing == "" && s.Serve == l.options.Policy.Master
}

// turned tells of a takeover or a failback; a node that is set up begins as it was
// found.
func (l *Loop) turned(before failover.Memory) {
	o, serving := l.options, l.known.Memory.Serving
	if o.Turned != nil && !o.Policy.Master && before.Begun && before.Serving != serving {
		o.Turned(serving)
	}
}

// sight is what is seen at this moment.
func (l *Loop) sight(now time.Time) failover.Sight {
	o := l.options
	s := failover.Sight{Votes: l.probes.Votes(), Self: failover.Self{Serving: o.Services.Serving(), Booted: l.boot, Calls: int(l.served.calls.Load()), Registrations: int(l.served.registrations.Load())}}
	heard := l.exchange.last()
	if o.Open == nil {
		heard = reported(o.Host)
	}
	if heard != nil {
		s.Report = &heard.Report
		if heard.Replicated.After(l.known.Replicated) {
			l.known.Replicated = heard.Replicated
		}
	}
	if s.Self.Replicated = l.known.Replicated; o.Granted {
		s.Self.Replicated = now
	}
	if l.known.Memory.Peer != failover.PeerHealthy && !o.Policy.Master {
		s.Self.Cut = cut(o.Peer)
	}
	return s
}

// keep stores what is known where that changed, or at the end. A full disk is
// told of once.
func (l *Loop) keep(end bool) {
	if !end && reflect.DeepEqual(l.known.steady(), l.written.steady()) {
		return
	}
	err := l.options.Host.Store(memoryPath, l.known, 0o600)
	switch {
	case err == nil && l.trouble != "":
		l.options.Log.Info("what is known of the failover is stored again")
		fallthrough
	case err == nil:
		l.trouble, l.written = "", l.known
	case l.trouble == "":
		l.trouble = err.Error()
		l.options.Log.Error("what is known of the failover is not stored; it goes on without", "error", err)
	}
}
