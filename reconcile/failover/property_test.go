package failover

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyPolicy is a policy that the language could express.
func anyPolicy() *rapid.Generator[Policy] {
	return rapid.Custom(func(t *rapid.T) Policy {
		p := usual
		p.Manual = rapid.Float64Range(0, 1).Draw(t, "manual") > 0.9
		p.HoldUntold = rapid.Bool().Draw(t, "hold untold")
		p.Unreachable = time.Duration(rapid.IntRange(3, 60).Draw(t, "unreachable")) * time.Second
		p.Degraded = p.Unreachable + time.Duration(rapid.IntRange(0, 120).Draw(t, "degraded"))*time.Second
		p.Failback.After = time.Duration(rapid.IntRange(1, 300).Draw(t, "after")) * time.Second
		p.Failback.Takeovers = rapid.IntRange(1, 5).Draw(t, "takeovers")
		return p
	})
}

func anyWorld() *rapid.Generator[world] {
	return rapid.OneOf(rapid.SampledFrom([]world{well, off, cutOff, hanging, sickly, banned, noUDP, noWatch, longCall}), rapid.Custom(func(t *rapid.T) world {
		yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
		return world{host: yes("host"), udp: yes("udp"), tcp: yes("tcp"), witness: yes("witness"), report: yes("report"), masterSIP: yes("master's sip"), calls: rapid.IntRange(-1, 1).Draw(t, "calls")}
	}))
}

// anyLife lives through some hours of anything.
func anyLife(t *rapid.T, each func(r *trace, w world)) *trace {
	r := newTrace()
	r.policy = anyPolicy().Draw(t, "policy")
	r.obeys = rapid.Bool().Draw(t, "obeys")
	r.lives(time.Minute, well)
	for range rapid.IntRange(1, 12).Draw(t, "episodes") {
		w := anyWorld().Draw(t, "world")
		for range rapid.IntRange(1, 900).Draw(t, "seconds") {
			r.lives(time.Second, w)
			each(r, w)
		}
		if rapid.Float64Range(0, 1).Draw(t, "pause") > 0.9 {
			r.now = r.now.Add(time.Duration(rapid.IntRange(-600, 6000).Draw(t, "gap")) * time.Second)
		}
		if rapid.Float64Range(0, 1).Draw(t, "reboot") > 0.95 {
			r.self.Booted, r.self.Serving = r.now, false
		}
	}
	return r
}

// deaf tells whether every probe has fallen silent.
func (r *trace) deaf() bool {
	for _, name := range []string{"ping", "sip udp", "sip tcp", "witness"} {
		if r.missed[name] < 3 {
			return false
		}
	}
	return true
}

func TestNoTakeoverWhileCutOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was := false
		anyLife(t, func(r *trace, w world) {
			d := r.said[len(r.said)-1]
			if d.Serve && !was && d.Isolated {
				t.Fatalf("a takeover of a node that is cut off: %+v", d)
			}
			if d.Serve && !was && r.deaf() && !w.report {
				t.Fatalf("a takeover while nothing at all answers: %+v", d)
			}
			was = d.Serve
		})
	})
}

func TestEveryDecisionHasAReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anyLife(t, func(r *trace, _ world) {
			if d := r.said[len(r.said)-1]; len(d.Reason) < 20 || d.Peer == "" {
				t.Fatalf("%+v", d)
			}
		})
	})
}

func TestTransitionsAreNoFasterThanTheHoldTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newTrace()
		r.policy = anyPolicy().Draw(t, "policy")
		r.obeys = rapid.Bool().Draw(t, "obeys")
		r.lives(time.Minute, well)
		for range rapid.IntRange(1, 60).Draw(t, "episodes") {
			r.lives(time.Duration(rapid.IntRange(1, 400).Draw(t, "seconds"))*time.Second, anyWorld().Draw(t, "world"))
		}
		for i := 1; i < len(r.turned); i++ {
			least := r.policy.Failback.After // it serves before it goes back
			if i%2 == 0 {
				least = 0
			}
			if held := r.turned[i].Sub(r.turned[i-1]); held < least {
				t.Fatalf("turn %d came after %s, before %s were over", i, held, least)
			}
		}
		for i := 2 * (r.policy.Failback.Takeovers + 1); i < len(r.turned); i += 2 {
			if r.turned[i].Sub(r.turned[i-2*(r.policy.Failback.Takeovers+1)]) < time.Hour {
				t.Fatalf("more than %d takeovers within an hour were followed by a failback: %v", r.policy.Failback.Takeovers, r.turned)
			}
		}
	})
}

func TestTheSameLifeHasTheSameAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := anyPolicy().Draw(t, "policy")
		a, b := newTrace(), newTrace()
		a.policy, b.policy = policy, policy
		for range rapid.IntRange(1, 10).Draw(t, "episodes") {
			d, w := time.Duration(rapid.IntRange(1, 200).Draw(t, "seconds"))*time.Second, anyWorld().Draw(t, "world")
			a.lives(d, w)
			b.lives(d, w)
			// What was known survives a restart as it was.
			text, err := json.Marshal(b.memory)
			b.memory = Memory{}
			if err != nil || json.Unmarshal(text, &b.memory) != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(a.said, b.said) {
			t.Fatal("two answers to one life")
		}
	})
}

func TestAPassiveNodeDoesNothingForADayWhileAllIsWell(t *testing.T) {
	r := newTrace()
	r.lives(24*time.Hour, well)
	if r.expect(t); r.memory.Asks != Nothing {
		t.Errorf("%+v", r.memory)
	}
	said := map[string]bool{}
	for _, d := range r.said[10:] {
		said[d.Reason] = true
	}
	if len(said) != 1 {
		t.Errorf("%d things were said", len(said))
	}
}
