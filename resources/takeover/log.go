package takeover

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// log tells what is new, each thing in a line: transitions and trouble loudly, the
// rest quietly.
func (l *Loop) log(last, next Standing) {
	turned, first := next.Serve != last.Serve, last.Reason == ""
	log := l.options.Log
	switch {
	case turned && !first && next.Serve:
		log.Warn("this node serves", "why", next.Reason)
	case turned && !first:
		log.Warn("this node stands by", "why", next.Reason)
	}
	l.logTrouble(last, next)
	l.logPeer(last, next)
	if !next.Paused.Equal(last.Paused) {
		l.logPause(next.Paused)
	}
	quiet := !turned && next.Trouble == last.Trouble && next.Peer == last.Peer && next.Isolated == last.Isolated
	if next.Reason != last.Reason && quiet {
		log.Info("failover", "why", next.Reason)
	}
}

func (l *Loop) logTrouble(last, next Standing) {
	switch {
	case next.Trouble == last.Trouble:
	case next.Trouble != failover.NoTrouble:
		l.options.Log.Error(string(next.Trouble), "why", next.Reason)
	default:
		l.options.Log.Info("over: "+string(last.Trouble), "now", next.Reason)
	}
}

func (l *Loop) logPeer(last, next Standing) {
	if next.Peer == last.Peer && next.Isolated == last.Isolated {
		return
	}
	level := l.options.Log.Warn
	if next.Peer == failover.PeerHealthy || next.Peer == failover.PeerUnknown {
		level = l.options.Log.Info
	}
	level("the peer is "+string(next.Peer), "was", string(last.Peer), "isolated", next.Isolated, "why", next.Reason)
}

func (l *Loop) logPause(until time.Time) {
	if until.IsZero() {
		l.options.Log.Info("maintenance is over")
		return
	}
	l.options.Log.Info("maintenance: nothing is taken over or given back by itself", "until", until)
}

// logOrder tells that an operator's order was taken.
func (l *Loop) logOrder(o Order) {
	if o.Order != failover.NoOrder {
		l.options.Log.Info("an operator ordered "+string(o.Order), "given", o.At)
	}
}
