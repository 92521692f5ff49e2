package simulate

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// lone is one phone that registers at the given second for the given time.
func lone(due, expiry int) *phones {
	ps := newPhones(Phones{Count: 1, Min: time.Duration(expiry) * time.Second, Max: time.Duration(expiry) * time.Second, TryAgain: 30 * time.Second}, 1)
	ps.list[0].due = due
	return ps
}

func TestWhenAPhoneIsServedAgain(t *testing.T) {
	answers, refuses := [2]reply{answer, answer}, [2]reply{refusal, answer}
	for name, c := range map[string]struct {
		before  [2]reply
		until   int // before, from 0 on
		after   [2]reply
		longest int
	}{
		"the backup serves":            {[2]reply{silence, answer}, 1 << 20, answers, 299 + 32},
		"the main server refuses":      {refuses, 1 << 20, answers, 299},
		"it is back while it is asked": {[2]reply{silence, silence}, 301, answers, 299 + 4},
		"the backup is late":           {[2]reply{silence, silence}, 350, [2]reply{silence, answer}, 299 + 32 + 20},
		"both refuse at first":         {[2]reply{refusal, refusal}, 310, refuses, 299 + 30},
		"both are late": {[2]reply{silence, silence}, 365, [2]reply{silence, answer},
			299 + 32 + 32 + 30}, // the backup, which was asked last, is asked again
	} {
		t.Run(name, func(t *testing.T) {
			ps := lone(299, 300)
			for now := range 1000 {
				replies := c.before
				if now >= c.until {
					replies = c.after
				}
				ps.pass(now, replies)
			}
			if got := ps.list[0].longest; got != c.longest {
				t.Errorf("%d s, want %d", got, c.longest)
			}
		})
	}
}

func TestAPhoneGoesBackAtARefresh(t *testing.T) {
	ps := lone(0, 100)
	ps.pass(0, [2]reply{refusal, answer})
	if ps.list[0].at != Standby {
		t.Fatalf("%+v", ps.list[0])
	}
	for now := 1; now < 100; now++ {
		if ps.pass(now, [2]reply{answer, answer}); ps.list[0].at != Standby || ps.returned {
			t.Fatalf("after %d s: %+v", now, ps.list[0])
		}
	}
	if ps.pass(100, [2]reply{answer, answer}); ps.list[0].at != Master || !ps.returned || ps.load != [2]int{1, 0} {
		t.Errorf("%+v", ps)
	}
}

func TestAProbeCountsAnswersInARow(t *testing.T) {
	p := newProber(Probe{Name: "sip", Kind: failover.SIP, Interval: 3 * time.Second, Timeout: 2 * time.Second, Fall: 2, Rise: 2})
	for after, c := range []struct {
		answers bool
		want    failover.Answer
	}{
		0: {true, failover.Alive}, 3: {false, failover.Alive}, 5: {true, failover.Alive}, 6: {true, failover.Alive},
		9: {false, failover.Alive}, 12: {false, failover.Alive}, 13: {true, failover.Alive}, 14: {true, failover.Silent},
		15: {true, failover.Silent}, 18: {true, failover.Alive}, 20: {false, failover.Alive},
	} {
		now := midnight.Add(time.Duration(after) * time.Second)
		if p.pass(now, c.answers); c.want != "" && p.vote.Answer != c.want {
			t.Errorf("after %d s it is %q, not %q", after, p.vote.Answer, c.want)
		}
	}
	if p.vote.Heard != midnight.Add(18*time.Second) || p.vote.Since != midnight.Add(15*time.Second) {
		t.Errorf("%+v", p.vote)
	}
}

func TestAShareCountsPhones(t *testing.T) {
	r := Result{Outages: []time.Duration{1, 2, 3, 4}}
	for percent, want := range map[int]time.Duration{0: 1, 25: 1, 50: 2, 51: 3, 95: 4, 100: 4} {
		if got := r.Share(percent); got != want {
			t.Errorf("%d %%: %d, want %d", percent, got, want)
		}
	}
}

// anyEvent is one of those that the scenarios are made of.
func anyEvent() *rapid.Generator[Event] {
	var all []Event
	for _, s := range Scenarios() {
		all = append(all, s.Events...)
	}
	return rapid.SampledFrom(all)
}

func TestWhateverHappensThePairComesHome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := usual()
		p.Phones.Count = 20
		p.Refuses = rapid.Bool().Draw(t, "refuses")
		p.Policy.Failback.Takeovers = 20
		var s Scenario
		after := time.Duration(0)
		for range rapid.IntRange(1, 8).Draw(t, "events") {
			e := anyEvent().Draw(t, "event")
			e.At = after
			s.Events = append(s.Events, e)
			after += time.Duration(rapid.IntRange(1, 400).Draw(t, "seconds")) * time.Second
		}
		s.Events = append(s.Events, Event{At: after, Says: "all is well", Do: func(w *World) { *w = fine() }})
		r := Run(p, s)
		if r.Unserved != 0 || r.Stayed || r.Both > r.Lasted || r.Longest() > r.Lasted {
			t.Fatalf("after %s: %d phones unserved, the standby stays: %v\n%v", r.Lasted, r.Unserved, r.Stayed, r.Timeline)
		}
	})
}
