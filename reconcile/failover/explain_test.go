package failover

import (
	"strings"
	"testing"
	"time"
)

// explained is what is said of a trace's last decision.
func (r *trace) explained(d Decision, w world) string {
	s := Sight{Self: r.self, Votes: []Vote{
		r.vote("ping", Host, w.host), r.vote("sip udp", SIP, w.udp), r.vote("sip tcp", SIP, w.tcp), r.vote("witness", Witness, w.witness)}}
	if w.report {
		s.Report = &Report{At: r.now, Serving: true}
	}
	return said(Explain(r.memory, r.policy, s, d))
}

func said(a Account) string {
	text := strings.Join(a.Would, " ")
	for _, v := range a.Votes {
		text += "\n" + v.Name + ": " + v.Says
	}
	return text
}

// Each state of a standby, by decisions that were really made.
func TestEveryStateOfAStandbyIsExplained(t *testing.T) {
	at := func(h, m, s int) string { return clock(time.Date(2026, 3, 1, h, m, s, 0, time.UTC).Local()) }
	for name, c := range map[string]struct {
		arrange func(*trace) Decision
		w       world
		says    []string
	}{
		"healthy": {func(r *trace) Decision { return r.lives(aMinute, well) }, well,
			[]string{"It takes over by itself when nothing of the master has answered for 10s while a witness does (failover.unreachable), or when its SIP server has not for 1m30s", "`hotpair failover` takes over by hand",
				"sip udp: answers since", "the master's telephony serves", "witness: answers since", "so this node is not cut off", "ping: answers since"}},
		"nothing seen": {func(r *trace) Decision { return r.lives(aMinute, cutOff) }, cutOff,
			[]string{"What was never heard cannot be missed", "No witness was ever seen alive", "ping: never seen alive, so it counts for nothing"}},
		"degraded and waiting": {func(r *trace) Decision { r.lives(aMinute, well); return r.lives(20*seconds, hanging) }, hanging,
			[]string{"It takes over at " + at(3, 2, 30) + " by itself, unless the master answers before", "sip udp: silent since"}},
		"degraded and asked": {func(r *trace) Decision { r.lives(aMinute, well); return r.lives(95*seconds, sickly) }, sickly,
			[]string{"It takes over at " + at(3, 3, 0) + " by itself"}},
		"unreachable and waiting": {func(r *trace) Decision { r.lives(aMinute, well); return r.lives(5*seconds, off) }, off,
			[]string{"It takes over at " + at(3, 1, 10) + " by itself, unless the master answers before", "so this node is not cut off"}},
		"isolated": {func(r *trace) Decision { r.lives(aMinute, well); return r.lives(aMinute, cutOff) }, cutOff,
			[]string{"once a witness answers again: mend this node's network", "witness: silent since", "so it does not vouch for this node's own network"}},
		"paused": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.memory.Paused = r.now.Add(time.Hour)
			return r.lives(aMinute, off)
		}, off, []string{"It takes over nothing by itself: Maintenance lasts until " + clock(start.Add(time.Hour+time.Minute)), "`hotpair maintenance --end`", "`hotpair failover`"}},
		"manual": {func(r *trace) Decision { r.policy.Manual = true; return r.lives(aMinute, well) }, well,
			[]string{"It takes over nothing by itself: failover.mode is manual: `hotpair failover` takes over."}},
		"never replicated": {func(r *trace) Decision {
			r.self.Replicated = time.Time{}
			r.lives(aMinute, well)
			return r.lives(aMinute, off)
		}, off,
			[]string{"It takes over nothing by itself: Nothing was ever replicated to this node"}},
		"held untold": {func(r *trace) Decision {
			r.policy.HoldUntold = true
			r.lives(aMinute, well)
			return r.lives(10*aMinute, hanging)
		}, hanging, []string{"`hotpair failover` takes over by hand."}},
		"order in force": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.memory.Order = OrderFailover
			return r.lives(5*seconds, well)
		}, well,
			[]string{"It takes over when the master has handed over, and at " + at(3, 1, 31) + " at the latest."}},
		"took over": {func(r *trace) Decision { r.lives(aMinute, well); return r.lives(aMinute, off) }, off,
			[]string{"It gives the master back its place when that has been well for 2m (failover.failback.after), and its calls here have ended, after 10m at most."}},
		"took over and cut off": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.lives(aMinute, off)
			return r.lives(aMinute, cutOff)
		}, cutOff,
			[]string{"It serves on while it is cut off"}},
		"returning": {func(r *trace) Decision { r.lives(aMinute, well); r.lives(aMinute, off); return r.lives(aMinute, well) }, well,
			[]string{"At " + at(3, 4, 1) + " it begins to give the master back its place, if that is well until then.", "`hotpair failback` gives"}},
		"draining": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.lives(aMinute, off)
			return r.lives(3*aMinute, longCall)
		}, longCall, []string{"It stops serving when no call and no registration is left here, and at " + at(3, 14, 1) + " at the latest"}},
		"failback by hand": {func(r *trace) Decision {
			r.policy.Failback.Manual = true
			r.lives(aMinute, well)
			r.lives(aMinute, off)
			return r.lives(10*aMinute, well)
		}, well, []string{"Nothing is given back by itself now. `hotpair failback` gives"}},
		"failover by hand": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.memory.Order = OrderFailover
			r.lives(aMinute, well)
			return r.lives(10*aMinute, well)
		}, well, []string{"Nothing is given back by itself now. `hotpair failback` gives"}},
		"paused while it serves": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.lives(aMinute, off)
			r.memory.Paused = r.now.Add(time.Hour)
			return r.lives(10*aMinute, well)
		}, well, []string{"Maintenance lasts until", "`hotpair maintenance --end` ends that.", "`hotpair failback` gives"}},
		"split brain": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.self.Serving = true
			return r.lives(3*seconds, well)
		}, well, []string{"begins to give the master back its place"}},
		"started anew while it served": {func(r *trace) Decision {
			r.lives(aMinute, well)
			r.lives(aMinute, off)
			r.self.Serving, r.self.Booted, r.now = false, r.now.Add(aMinute), r.now.Add(2*aMinute)
			return r.lives(3*seconds, off)
		}, off, []string{"It goes on serving at " + at(3, 4, 11) + ", unless the master is well by then."}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTrace()
			d := c.arrange(r)
			text := r.explained(d, c.w)
			for _, part := range c.says {
				if !strings.Contains(text, part) {
					t.Errorf("%q is not in\n%s\nof %+v", part, text, d)
				}
			}
		})
	}
}

func TestABusyMasterIsExplained(t *testing.T) {
	vote := func(a Answer) []Vote {
		return []Vote{{Name: "sip udp", Kind: SIP, Answer: a, Asked: start, Heard: start, Since: start}}
	}
	s := Sight{Self: Self{Replicated: start}, Votes: vote(Alive)}
	m, _ := Decide(Memory{}, start.Add(-seconds), usual, s)
	s.Votes = vote(Busy)
	m, d := Decide(m, start, usual, s)
	if text := said(Explain(m, usual, s, d)); d.Peer != PeerBusy || !strings.Contains(text, "A master that is overloaded serves, so this node does not take over however long that lasts.") ||
		!strings.Contains(text, "that it is overloaded (503): that is alive") {
		t.Errorf("%+v: %s", d, text)
	}
}

func TestEveryStateOfAMasterIsExplained(t *testing.T) {
	p := usual
	p.Master = true
	for _, c := range []struct {
		own    Answer
		report *Report
		says   string
	}{
		{Alive, nil, "Nobody can ask it to stand down while the standby's hotpair is not heard"},
		{Alive, &Report{}, "It stands down when the standby asks for it while no SIP server answers here"},
		{Silent, &Report{Asks: StandDown, Serving: true}, "It serves again when the standby asks for it"},
		{Silent, &Report{Asks: StandDown}, "It serves again at "},
	} {
		m, _ := Decide(Memory{}, start, p, heardFrom(start, Alive, nil))
		var s Sight
		var d Decision
		for after := time.Second; after < 10*seconds; after += time.Second {
			s = heardFrom(start.Add(after), c.own, c.report)
			m, d = Decide(m, start.Add(after), p, s)
		}
		if text := said(Explain(m, p, s, d)); !strings.Contains(text, c.says) || c.own == Alive && !strings.Contains(text, "this node's telephony serves") {
			t.Errorf("%+v: %s", d, text)
		}
	}
}
