package takeover

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// publish tells others how this node stands: the peer, and whoever asks here.
func (l *Loop) publish(s failover.Sight, d failover.Decision) {
	m := l.known.Memory
	doing, failure, _ := l.conduct.stands()
	next := Standing{
		Master: l.options.Policy.Master, Serve: d.Serve, Wait: d.Wait, Serving: s.Self.Serving, Since: m.Since, Peer: d.Peer, Isolated: d.Isolated,
		Trouble: d.Trouble, Asks: d.Asks, Paused: m.Paused, Until: m.Until, Due: d.Due, Draining: !m.Draining.IsZero(), Reason: d.Reason, Busy: !l.done(), Doing: doing, Failure: failure, Companions: l.units.Failure(), Order: m.Order,
		Votes: votes(s.Votes), Unproven: unproven(m, s.Votes), Reported: s.Report != nil && m.Last.Sub(s.Report.At) <= l.options.Policy.Reports, Ever: m.Reported,
		PeerSince: m.PeerSince, Replicated: l.known.Replicated,
	}
	if next.Reported {
		next.Report = steady(*s.Report)
	}
	if l.options.Open != nil {
		l.exchange.say(message{Decides: true, Replicated: l.options.Replicated(), Report: failover.Report{
			Serving: s.Self.Serving, SIP: heardSIP(m, s.Votes), StoodDown: m.Begun && !m.Serving, Paused: m.Paused}})
	}
	text, err := json.Marshal(next)
	if err != nil || bytes.Equal(text, l.told) {
		return
	}
	l.log(l.standing, next)
	l.standing, l.told = next, text
	next.Told = time.Now().UTC()
	if err := l.options.Host.Store(standingPath, next, 0o644); err != nil {
		l.options.Log.Warn("how the failover stands is not stored", "error", err)
	}
	if l.options.Changed != nil {
		l.options.Changed()
	}
}

// heardSIP is what this node hears of its own telephony; what was never heard is
// not known.
func heardSIP(m failover.Memory, all []failover.Vote) (answer failover.Answer) {
	for _, v := range all {
		if v.Kind == failover.SIP && m.Knows(v.Name) && (answer == failover.Unknown || answer == failover.Silent) {
			answer = v.Answer
		}
	}
	return answer
}
