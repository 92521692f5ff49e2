package failover

import (
	"strings"
	"testing"
	"time"
)

// standby is what a master hears.
func heardFrom(now time.Time, own Answer, r *Report) Sight {
	s := Sight{Self: Self{Serving: true}, Report: r, Votes: []Vote{{Name: "own sip udp", Kind: SIP, Answer: own, Asked: now, Heard: now, Since: now}}}
	if r != nil {
		r.At = now
	}
	return s
}

func TestAMasterObeysWithReasonOnly(t *testing.T) {
	p := usual
	p.Master = true
	for _, c := range []struct {
		asks  Ask
		own   Answer
		serve bool
		says  string
	}{
		{Nothing, Alive, true, "is the master, and serves. The standby's hotpair is heard"},
		{Nothing, Silent, true, "its own SIP server has not answered since 03:00:01"},
		{StandDown, Alive, true, "serves on"},
		{StandDown, Silent, false, "stood down at 03:00:01"},
		{HandOver, Alive, false, "An operator asked the standby to serve"},
		{StandDown, Unknown, true, "does not know yet"},
		{Return, Alive, true, "serves"},
	} {
		m, _ := Decide(Memory{}, start, p, heardFrom(start, c.own, nil))
		now := start.Add(time.Second)
		_, d := Decide(m, now, p, heardFrom(now, c.own, &Report{Asks: c.asks}))
		if d.Serve != c.serve || !strings.Contains(d.Reason, c.says) {
			t.Errorf("%q, %q: %+v", c.asks, c.own, d)
		}
	}
}

func TestAMasterThatStoodDownServesAgain(t *testing.T) {
	p := usual
	p.Master = true
	at := func(after time.Duration, r *Report) Sight { return heardFrom(start.Add(after), Silent, r) }
	m, _ := Decide(Memory{}, start.Add(-time.Second), p, at(-time.Second, nil))
	m, d := Decide(m, start, p, at(0, &Report{Asks: HandOver}))
	if d.Serve {
		t.Fatalf("%+v", d)
	}
	for after := time.Second; after < time.Hour; after += time.Second {
		if m, d = Decide(m, start.Add(after), p, at(after, &Report{Serving: true})); d.Serve {
			t.Fatalf("it serves beside its standby after %s: %+v", after, d)
		}
	}
	asked, d := Decide(m, start.Add(time.Hour), p, at(time.Hour, &Report{Serving: true, Asks: Return}))
	if !d.Serve || !asked.Serving {
		t.Errorf("it does not return: %+v", d)
	}
	for after := time.Hour; after < time.Hour+89*time.Second; after += time.Second {
		if m, d = Decide(m, start.Add(after), p, at(after, nil)); d.Serve {
			t.Fatalf("the standby's silence of %s is enough: %+v", after-time.Hour, d)
		}
	}
	for after := time.Hour + 89*time.Second; after < time.Hour+95*time.Second; after += time.Second {
		if m, d = Decide(m, start.Add(after), p, at(after, nil)); d.Serve {
			break
		}
	}
	if !d.Serve || !strings.Contains(d.Reason, "was not heard to serve") {
		t.Errorf("nobody serves: %+v", d)
	}
}
