package companion

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// hears lives through answers, one each 2 s, and gives the orders: one letter an
// answer, and one an order.
func hears(p Policy, answers string) (orders string, reasons []string) {
	var m Memory
	var d Decision
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local)
	for i, letter := range answers {
		s := Sight{Answer: map[rune]Answer{'a': Active, 'i': Inactive, '.': Silent}[letter], From: "https://xivo"}
		if s.Answer == Silent {
			s.Why = fmt.Errorf("no answer, question %d", i)
		}
		m, d = Decide(m, now, p, s)
		orders += map[Order]string{Hold: "h", Start: "R", Stop: "S"}[d.Order]
		reasons = append(reasons, d.Reason)
		now = now.Add(2 * time.Second)
	}
	return orders, reasons
}

func TestWhatFollowsFromAnswers(t *testing.T) {
	for _, c := range []struct {
		what            string
		policy          Policy
		answers, orders string
	}{
		{"active is believed after some answers", Policy{Rise: 3}, "aaaa", "hhRR"},
		{"in a row", Policy{Rise: 2}, "aiaaa", "hShRR"},
		{"also after a silence", Policy{Rise: 2}, "aa.aa", "hRhhR"},
		{"inactive at once", Policy{Rise: 2}, "aaiaa", "hRShR"},
		{"silence stops nothing", Policy{Rise: 1}, "a..........................", "Rhhhhhhhhhhhhhhhhhhhhhhhhhh"},
		{"nor starts anything", Policy{Rise: 1}, "i....", "Shhhh"},
		{"nothing is known at first", Policy{Rise: 1}, "...", "hhh"},
		{"silence stops where that is asked for", Policy{Rise: 1, Unanswered: 6 * time.Second}, "a....ai", "RhhhSRS"},
	} {
		if orders, reasons := hears(c.policy, c.answers); orders != c.orders {
			t.Errorf("%s: %s, want %s\n%s", c.what, orders, c.orders, strings.Join(reasons, "\n"))
		}
	}
}

func TestAReasonSaysSinceWhen(t *testing.T) {
	_, reasons := hears(Policy{Rise: 1}, "aaa")
	if reasons[0] != "https://xivo says since 12:00:00 that the node is active" || reasons[2] != reasons[0] {
		t.Errorf("%q", reasons)
	}
	_, reasons = hears(Policy{Rise: 1}, "i..")
	if reasons[2] != "nobody tells since 12:00:02 whether the node is active, so the units stay as they are: https://xivo: no answer, question 2" {
		t.Errorf("%q", reasons)
	}
}

// Whatever is heard: a start follows `rise` answers that say active, a stop one
// that says inactive, or a silence that is long enough.
func TestNoOrderWithoutAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Rise: rapid.IntRange(1, 5).Draw(t, "rise"), Unanswered: time.Duration(rapid.IntRange(0, 60).Draw(t, "unanswered")) * time.Second}
		var m Memory
		now, actives, silent := time.Unix(1e9, 0), 0, time.Time{}
		for _, a := range rapid.SliceOfN(rapid.SampledFrom([]Answer{Silent, Inactive, Active}), 1, 60).Draw(t, "answers") {
			now = now.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, "after")) * time.Second)
			var d Decision
			m, d = Decide(m, now, p, Sight{Answer: a, Why: errors.New("x")})
			if actives++; a != Active {
				actives = 0
			}
			if a != Silent {
				silent = time.Time{}
			} else if silent.IsZero() {
				silent = now
			}
			long := p.Unanswered > 0 && !silent.IsZero() && now.Sub(silent) >= p.Unanswered
			want := Hold
			switch {
			case actives >= p.Rise:
				want = Start
			case a == Inactive || long:
				want = Stop
			}
			if d.Order != want || d.Reason == "" {
				t.Fatalf("%v: %+v, want %v", a, d, want)
			}
		}
	})
}
