package takeover

import (
	"context"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// act has the services started or stopped where a transition asks for it, or
// where they have not been as decided for a while. A master's services are
// touched at a transition only.
func (l *Loop) act(ctx context.Context, now time.Time, self failover.Self, d failover.Decision) {
	m := l.known.Memory
	l.carried()
	if d.Peer == failover.PeerHealthy && d.Serve && !l.options.Policy.Master {
		l.served.count(ctx, l.options.Host, l.options.Services.Asterisk, now)
	} else {
		l.served.forget()
	}
	switch {
	case d.Wait:
		return
	case self.Serving == d.Serve && l.done():
		l.differs = time.Time{}
		return
	case !l.done():
		l.transition(ctx, d)
		return
	case l.options.Policy.Master || l.options.Services.Manage == "":
		return
	}
	if l.differs.IsZero() {
		l.differs = now
	}
	_, _, ended := l.conduct.stands()
	if now.Sub(l.differs) >= settles && now.Sub(ended) >= settles && now.Sub(m.Since) >= settles && d.Serve {
		l.options.Log.Warn("the services do not run, and this node is to serve: starting them again")
		l.conduct.begin(ctx, true)
	}
}

// accompany has the companions run while this node serves, from when its
// services answer, or were waited for long enough. On the way from the one to the
// other they are left as they are, and so during maintenance.
func (l *Loop) accompany(ctx context.Context, self failover.Self, d failover.Decision) {
	paused := !l.known.Memory.Paused.IsZero()
	switch {
	case d.Wait:
	case !d.Serve:
		l.units.Keep(ctx, false, paused)
	case self.Serving && l.done():
		l.units.Keep(ctx, true, paused)
	}
}

// done tells whether the last transition was carried out.
func (l *Loop) done() bool { return l.known.Done.Equal(l.known.Memory.Since) }

// transition begins or ends serving. One that a restart cut short is begun again.
func (l *Loop) transition(ctx context.Context, d failover.Decision) {
	if l.conduct.begin(ctx, d.Serve) {
		l.going, l.differs = l.known.Memory.Since, time.Time{}
	}
}

// carried notes that a transition has been carried out, or was tried often enough.
func (l *Loop) carried() {
	if doing, _, _ := l.conduct.stands(); doing == "" && !l.going.IsZero() && !l.conduct.interrupted() {
		l.known.Done, l.going = l.going, time.Time{}
	}
}
