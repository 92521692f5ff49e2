package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/drill"
	"github.com/hotpair/hotpair/resources/takeover"
)

// rehearsal is one drill on its way.
type rehearsal struct {
	*ordered
	asked  drilling
	phones *drill.Drill
	said   string // by the daemon, last

	failover, failback []time.Duration // the outage of each phone
	returned           time.Time       // when the master had its place again; zero: it has not
}

// run takes over and gives back. What goes wrong in between is told after the
// place was given back.
func (r *rehearsal) run(ctx context.Context, o drill.Options) (err error) {
	if r.phones, err = drill.Start(ctx, o); err != nil {
		return err
	}
	defer r.phones.Close(context.WithoutCancel(ctx))
	r.said = r.standing.Reason
	if err := r.gather(ctx, drill.Master); err != nil {
		err = fmt.Errorf("before anything was taken over: %w", err)
		if ctx.Err() != nil {
			return &exit{code: exitInterrupted, cause: err}
		}
		return err
	}
	r.tell("%s are registered at the master.", count(o.Phones, "phone"))
	wrong := r.there(ctx)
	if wrong != nil {
		r.tell("It went wrong: %s. The place is given back.", wrong)
	}
	back := r.back(context.WithoutCancel(ctx))
	return r.concluded(ctx, wrong, back)
}

// there takes over, waits for the phones, and holds.
func (r *rehearsal) there(ctx context.Context) error {
	r.phones.Begin()
	defer func() { r.failover = r.phones.Outages() }()
	until := time.Now().Add(r.asked.lasts()).UTC().Truncate(time.Second)
	if err := r.give(ctx, takeover.Order{Order: failover.OrderFailover, Until: &until}); err != nil {
		return interrupted(ctx, err)
	}
	if err := r.gather(ctx, drill.Standby); err != nil {
		return err
	}
	r.tell("All phones are registered at this standby. It serves for %s.", resources.Span(time.Duration(r.asked.hold)))
	held := time.Now().Add(time.Duration(r.asked.hold))
	return r.watch(ctx, held.Add(time.Minute), func(s takeover.Standing) (bool, error) {
		if !s.Serve {
			return false, errors.New("the daemon gave the place back by itself")
		}
		return time.Now().After(held), nil
	})
}

// gather waits until all phones are registered at a node, which is to serve.
func (r *rehearsal) gather(ctx context.Context, n drill.Node) error {
	err := r.watch(ctx, time.Now().Add(time.Duration(r.asked.limit)), func(s takeover.Standing) (bool, error) {
		if s.Serve && s.Failure != "" && s.Doing == "" {
			return false, errors.New(s.Failure)
		}
		settled := s.Serve == (n == drill.Standby) && !s.Busy && s.Doing == ""
		return settled && r.phones.Served(n) == int(r.asked.phones), nil
	})
	if errors.Is(err, errLate) {
		return fmt.Errorf("%d of %s registered at the %s within %s", r.phones.Served(n), count(int(r.asked.phones), "phone"), n, resources.Span(time.Duration(r.asked.limit)))
	}
	return err
}

// back gives the place back, and waits until the master serves again and has
// the phones.
func (r *rehearsal) back(ctx context.Context) error {
	r.phones.Begin()
	defer func() { r.failback = r.phones.Outages() }()
	start, _, _ := resources.ServicesStart(r.host)
	if err := r.returns(ctx, time.Now().Add(resources.GivingBack(r.cfg, start))); err != nil {
		return err
	}
	r.returned = time.Now()
	if r.phones.Refused() != nil {
		return nil
	}
	return r.gather(ctx, drill.Master)
}

// orderAgain is how often the order to give back is given to a daemon that may
// have ended meanwhile.
const orderAgain = 20 * time.Second

// returns orders the failback until the daemon has carried it out.
func (r *rehearsal) returns(ctx context.Context, limit time.Time) error {
	var ordered time.Time
	for time.Now().Before(limit) {
		if time.Since(ordered) > orderAgain {
			ordered = time.Now()
			if err := takeover.Give(r.host, takeover.Order{Order: failover.OrderFailback}); err != nil {
				return err
			}
		}
		if err := wait(ctx, lookEvery); err != nil {
			return err
		}
		taken, err := takeover.Taken(r.host)
		if err != nil {
			return err
		}
		s, told := r.app.stands(r.host)
		r.hear(s, told)
		if taken && told && !s.Serve && s.Order == failover.NoOrder && !s.Busy && s.Doing == "" && s.Peer == failover.PeerHealthy {
			return nil
		}
	}
	return errors.New("the master does not have its place again: the daemon gives it back once the master is well; see `hotpair status` on both nodes")
}
