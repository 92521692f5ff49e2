package alert

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// a moment on a clock that tests turn.
func at(seconds int) time.Time { return time.Unix(1_800_000_000+int64(seconds), 0).UTC() }

func usual() Policy {
	return Policy{Remind: 24 * time.Hour, After: 10 * time.Second, Clear: time.Minute}
}

func look(codes ...string) Look {
	var l Look
	for _, code := range codes {
		code, unseen := strings.CutPrefix(code, "?")
		if unseen {
			l.Unseen = append(l.Unseen, code)
			continue
		}
		code, urgent := strings.CutPrefix(code, "!")
		l.Conditions = append(l.Conditions, Condition{Code: code, Urgent: urgent, Title: code, Over: "no " + code})
	}
	return l
}

// receiver is one whose deliveries succeed.
type receiver struct {
	memory Memory
	policy Policy
	heard  []string
}

func (r *receiver) look(seconds int, codes ...string) Due {
	var due Due
	r.memory, due = Judge(r.memory, at(seconds), r.policy, look(codes...))
	for _, msg := range due.Messages {
		r.heard = append(r.heard, fmt.Sprintf("%d %s %s", seconds, msg.Event, msg.Condition.Key()))
		r.memory = r.memory.Told(at(seconds), msg)
	}
	return due
}

func (r *receiver) heardIs(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.heard, want) {
		t.Errorf("heard %q, not %q", r.heard, want)
	}
	r.heard = nil
}

func TestACondition(t *testing.T) {
	r := &receiver{policy: usual()}
	if due := r.look(0, "late"); due.Next != at(10) {
		t.Errorf("due next at %s", due.Next)
	}
	r.look(5, "late")
	r.look(10, "late")
	if due := r.look(20, "late"); due.Next != at(10+86400) {
		t.Errorf("due next at %s", due.Next)
	}
	r.heardIs(t, "10 begin late")
	r.look(10+86400, "late")
	r.heardIs(t, "86410 reminder late")
	if due := r.look(86420); due.Next != at(86480) {
		t.Errorf("due next at %s", due.Next)
	}
	r.look(86450, "late") // it comes back before its end was told
	r.look(86460)
	r.look(86519)
	r.look(86520)
	r.look(86530)
	r.heardIs(t, "86520 clear late")
}

func TestAConditionMayHaveToLastLonger(t *testing.T) {
	l := look("late")
	l.Conditions[0].Least = 2 * time.Minute
	m, due := Judge(nil, at(0), usual(), l)
	if due.Next != at(120) {
		t.Errorf("due next at %s", due.Next)
	}
	if _, due = Judge(m, at(119), usual(), l); len(due.Messages) != 0 {
		t.Errorf("%+v", due)
	}
	if _, due = Judge(m, at(120), usual(), l); len(due.Messages) != 1 {
		t.Errorf("%+v", due)
	}
}

func TestWhatIsUrgentIsToldAtOnceAndFirst(t *testing.T) {
	r := &receiver{policy: usual()}
	r.policy.After = time.Nanosecond
	r.look(0, "b", "a", "!z")
	r.look(1, "b", "a", "!z")
	r.heardIs(t, "0 begin z", "1 begin a", "1 begin b")
}

func TestABlipIsNotTold(t *testing.T) {
	r := &receiver{policy: usual()}
	for s := range 1000 {
		if s%10 < 9 {
			r.look(s, "late")
		} else {
			r.look(s)
		}
	}
	r.heardIs(t)
	if len(r.memory) != 0 {
		t.Errorf("it is remembered: %v", r.memory)
	}
}

func TestWhatCannotBeSeenIsNeitherOverNorReminded(t *testing.T) {
	r := &receiver{policy: usual()}
	r.look(0, "!z")
	for s := 10; s < 200_000; s += 1000 {
		r.look(s, "?z")
	}
	r.heardIs(t, "0 begin z")
	r.look(200_000, "!z")
	r.heardIs(t, "200000 reminder z")
	r.look(200_010)
	r.look(200_100, "?z")
	r.heardIs(t)
	r.look(200_110)
	r.heardIs(t, "200110 clear z")
}

func TestWhatIsNotWantedIsForgotten(t *testing.T) {
	r := &receiver{policy: usual()}
	r.look(0, "!z", "!y")
	r.policy.On = []string{"y"}
	r.look(1, "!z", "!y")
	r.look(2)
	r.look(100)
	r.heardIs(t, "0 begin y", "0 begin z", "100 clear y")
}

func TestRemindersCanBeOff(t *testing.T) {
	r := &receiver{policy: usual()}
	r.policy.Remind = 0
	r.look(0, "!z")
	if due := r.look(10_000_000, "!z"); !due.Next.IsZero() {
		t.Errorf("due next at %s", due.Next)
	}
	r.heardIs(t, "0 begin z")
}

func TestAnEndThatComesWhileItIsToldIsTold(t *testing.T) {
	m, due := Judge(nil, at(0), usual(), look("!z"))
	m, _ = Judge(m, at(1), usual(), look())
	if len(m) != 0 || len(due.Messages) != 1 {
		t.Fatal(m, due)
	}
	m = m.Told(at(2), due.Messages[0])
	m, _ = Judge(m, at(3), usual(), look())
	if _, due = Judge(m, at(63), usual(), look()); len(due.Messages) != 1 || due.Messages[0].Event != Clear {
		t.Errorf("%+v", due)
	}
}

// One that comes and goes, at whatever pace, is told few times an hour.
func TestFlappingDoesNotFlood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &receiver{policy: usual()}
		on, off := rapid.IntRange(1, 600).Draw(t, "on"), rapid.IntRange(1, 600).Draw(t, "off")
		for s := 0; s < 3600; s += 5 {
			if s%(on+off) < on {
				r.look(s, "!z")
			} else {
				r.look(s)
			}
		}
		if len(r.heard) > 14 {
			t.Fatalf("told %d times: %q", len(r.heard), r.heard)
		}
	})
}

// world is what happens to one receiver: conditions come and go, messages are
// lost, the daemon is restarted, the clock is set.
type world struct {
	memory  Memory
	policy  Policy
	now     time.Time
	lasting map[string]bool      // the receiver knows that these last
	told    map[string]time.Time // when it was last told so
	away    map[string]time.Time // since when a condition is not there
}

func (w *world) step(t *rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "seconds")) * time.Second)
	var l Look
	for _, code := range []string{"a", "!b", "c"} {
		name := strings.TrimPrefix(code, "!")
		switch rapid.IntRange(0, 5).Draw(t, code) {
		case 0:
			l.Unseen = append(l.Unseen, name)
		case 1, 2:
			if w.away[name].IsZero() {
				w.away[name] = w.now
			}
		default:
			w.away[name] = time.Time{}
			l.Conditions = append(l.Conditions, look(code).Conditions...)
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "restart") == 0 {
		text, err := json.Marshal(w.memory.Kept())
		if w.memory = nil; err != nil || json.Unmarshal(text, &w.memory) != nil {
			t.Fatal(err)
		}
	}
	var due Due
	w.memory, due = Judge(w.memory, w.now, w.policy, l)
	for _, msg := range due.Messages {
		if rapid.IntRange(0, 3).Draw(t, "lost") > 0 {
			w.hears(t, msg)
			w.memory = w.memory.Told(w.now, msg)
		}
	}
}

// hears is the law of what one receiver hears.
func (w *world) hears(t *rapid.T, msg Message) {
	key := msg.Condition.Key()
	switch msg.Event {
	case Begin:
		if w.lasting[key] || !w.away[key].IsZero() {
			t.Fatalf("%s begins: known to last: %v, away since %s", key, w.lasting[key], w.away[key])
		}
	case Reminder:
		if !w.lasting[key] || w.now.Sub(w.told[key]) < w.policy.Remind {
			t.Fatalf("%s is reminded of after %s", key, w.now.Sub(w.told[key]))
		}
	case Clear:
		if !w.lasting[key] || w.away[key].IsZero() || w.now.Sub(w.away[key]) < w.policy.Clear {
			t.Fatalf("%s is cleared after %s", key, w.now.Sub(w.away[key]))
		}
	}
	w.lasting[key], w.told[key] = msg.Event != Clear, w.now
}

func TestAReceiverHearsEachConditionOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{policy: Policy{Remind: 20 * time.Minute, After: 10 * time.Second, Clear: time.Minute}, now: at(0),
			lasting: map[string]bool{}, told: map[string]time.Time{}, away: map[string]time.Time{}}
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			w.step(t)
		}
		// What lasts is known in the end, and nothing else.
		for range 100 {
			w.now = w.now.Add(time.Minute)
			var due Due
			w.memory, due = Judge(w.memory, w.now, w.policy, look("a", "!b"))
			if w.away["c"].IsZero() {
				w.away["c"] = w.now
			}
			w.away["a"], w.away["b"] = time.Time{}, time.Time{}
			for _, msg := range due.Messages {
				w.hears(t, msg)
				w.memory = w.memory.Told(w.now, msg)
			}
		}
		if got := fmt.Sprint(w.lasting["a"], w.lasting["b"], w.lasting["c"]); got != "true true false" {
			t.Fatal(got)
		}
	})
}

// A clock that is set back delays what is due by the pace of the policy at most.
func TestAClockThatIsSetBack(t *testing.T) {
	r := &receiver{policy: usual()}
	r.look(1_000_000, "!z", "late")
	r.look(0, "!z", "late")
	r.look(10, "!z", "late")
	r.look(20)
	r.look(80)
	r.heardIs(t, "1000000 begin z", "10 begin late", "80 clear z", "80 clear late")
	r.look(90, "!z")
	r.look(100)
	r.look(160)
	r.look(220)
	r.heardIs(t, "90 begin z", "220 clear z")
}
