package simulate

import (
	"slices"
	"time"
)

// home tells whether all is as it was before.
func (l *life) home(unserved int) bool {
	master, standby := l.nodes[Master], l.nodes[Standby]
	return unserved == 0 && l.at[Standby] == 0 && master.services.state == running && master.decision.Serve &&
		standby.services.state == stopped && !standby.decision.Serve
}

// longest is how long a simulation goes on at most after the last event.
const longest = 24 * time.Hour

// patience is how long after the last event something may still be expected.
func (p *Pair) patience() time.Duration {
	f := p.Policy
	return min(longest, f.Degraded+f.Answering+f.Booting+f.Failback.After+f.Failback.Drain+2*p.Phones.Max+10*time.Minute)
}

// sum ends a simulation.
func (l *life) sum(unserved int) Result {
	r := l.result
	r.Lasted, r.Unserved, r.Stayed = l.after(), unserved, l.nodes[Standby].decision.Serve
	for _, p := range l.phones.list {
		r.Outages = append(r.Outages, time.Duration(p.longest)*time.Second)
	}
	slices.Sort(r.Outages)
	return r
}
