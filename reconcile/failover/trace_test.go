package failover

import (
	"slices"
	"testing"
	"time"
)

// usual is what a platform's presets would be.
var usual = Policy{
	Unreachable: 10 * time.Second, Degraded: 90 * time.Second, Answering: 30 * time.Second,
	Booting: 3 * time.Minute, Fresh: 15 * time.Second, Reports: 5 * time.Second,
	Failback: Failback{After: 2 * time.Minute, Drain: 10 * time.Minute, Takeovers: 3},
}

var start = time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)

// world is how things really are at one moment.
type world struct {
	host, udp, tcp, witness, report bool // what answers this node
	masterSIP                       bool // what the master's own hotpair hears
	calls                           int
}

var well = world{host: true, udp: true, tcp: true, witness: true, report: true, masterSIP: true}

// trace is a standby's life, a second at a time.
type trace struct {
	policy  Policy
	memory  Memory
	self    Self
	now     time.Time
	heard   map[string]time.Time
	missed  map[string]int
	said    []Decision
	turned  []time.Time // when it began or ceased to serve
	obeys   bool        // the master's hotpair acts on what it is asked
	stoodIn bool        // for the master

	pausedThere time.Time // until when an operator works on the master
}

func newTrace() *trace {
	return &trace{policy: usual, now: start, heard: map[string]time.Time{}, missed: map[string]int{},
		self: Self{Booted: start.Add(-24 * time.Hour), Replicated: start.Add(-time.Hour)}}
}

func (r *trace) vote(name string, kind Kind, answers bool) Vote {
	if answers {
		r.heard[name], r.missed[name] = r.now, 0
	} else {
		r.missed[name]++
	}
	v := Vote{Name: name, Kind: kind, Asked: r.now, Heard: r.heard[name], Answer: Alive}
	if r.missed[name] >= 3 {
		v.Answer = Silent
	} else if v.Heard.IsZero() {
		v.Answer = Unknown
	}
	return v
}

// lives passes a time in one world.
func (r *trace) lives(d time.Duration, w world) Decision {
	var last Decision
	for end := r.now.Add(d); r.now.Before(end); {
		r.now = r.now.Add(time.Second)
		s := Sight{Self: r.self, Votes: []Vote{
			r.vote("ping", Host, w.host), r.vote("sip udp", SIP, w.udp && !r.stoodIn), r.vote("sip tcp", SIP, w.tcp && !r.stoodIn), r.vote("witness", Witness, w.witness),
		}}
		if w.report {
			s.Report = &Report{At: r.now, Serving: !r.stoodIn, StoodDown: r.stoodIn, SIP: Silent, Paused: r.pausedThere}
			if w.masterSIP && !r.stoodIn {
				s.Report.SIP = Alive
			}
		}
		s.Self.Calls = w.calls
		was := r.memory.Serving
		r.memory, last = Decide(r.memory, r.now, r.policy, s)
		if !last.Wait {
			r.self.Serving = last.Serve
		}
		if was != last.Serve {
			r.turned = append(r.turned, r.now)
		}
		if r.obeys && w.report {
			r.stoodIn = last.Asks == StandDown || last.Asks == HandOver || r.stoodIn && last.Asks != Return
		}
		r.said = append(r.said, last)
	}
	return last
}

// expect insists on when this node began and ceased to serve, from the start on.
func (r *trace) expect(t *testing.T, turns ...time.Duration) {
	t.Helper()
	var got []time.Duration
	for _, at := range r.turned {
		got = append(got, at.Sub(start))
	}
	if !slices.Equal(got, turns) {
		t.Errorf("it turned after %v, want %v; at last: %s", got, turns, r.said[len(r.said)-1].Reason)
	}
}

const (
	seconds = time.Second
	aMinute = time.Minute
)

func without(change func(*world)) world {
	w := well
	change(&w)
	return w
}

var (
	off      = without(func(w *world) { w.host, w.udp, w.tcp, w.report = false, false, false, false })
	cutOff   = without(func(w *world) { w.host, w.udp, w.tcp, w.report, w.witness = false, false, false, false, false })
	hanging  = without(func(w *world) { w.udp, w.tcp, w.masterSIP, w.report = false, false, false, false })
	sickly   = without(func(w *world) { w.udp, w.tcp, w.masterSIP = false, false, false })
	banned   = without(func(w *world) { w.udp, w.tcp = false, false })
	noUDP    = without(func(w *world) { w.udp = false })
	noWatch  = without(func(w *world) { w.witness = false })
	longCall = without(func(w *world) { w.calls = 2 })
)
