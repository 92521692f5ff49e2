package takeover

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

// Account is what the daemon's last decision rests on, by what it told and what
// it keeps. Its error is that of a memory that cannot be read.
func Account(h *host.Host, o Options, s Standing) (failover.Account, error) {
	known, err := recall(h)
	if err != nil {
		return failover.Account{}, err
	}
	m := known.as(s.Master).Memory
	m.Last, m.Serving, m.Since, m.Paused, m.Until, m.Order, m.Peer = s.Told, s.Serve, s.Since, s.Paused, s.Until, s.Order, s.Peer
	m.Draining = time.Time{}
	if s.Draining {
		m.Draining = s.Told
	}
	sight := failover.Sight{Self: failover.Self{Serving: s.Serving, Replicated: known.Replicated}}
	if o.Granted {
		sight.Self.Replicated = s.Told
	}
	for _, v := range s.Votes {
		if v.Answer != failover.Unknown {
			v.Asked = s.Told // the times of single questions are not told
		}
		sight.Votes = append(sight.Votes, v)
	}
	d := failover.Decision{Serve: s.Serve, Peer: s.Peer, Isolated: s.Isolated, Trouble: s.Trouble, Asks: s.Asks, Due: s.Due, Wait: s.Wait, Reason: s.Reason}
	return failover.Explain(m, o.Policy, sight, d), nil
}
