package probe

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

func TestASlowProbeDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, quick := &asker{takes: -1}, alive(time.Millisecond)
		start := time.Now()
		run(t, []Probe{{"slow", failover.SIP, SIPPace(), slow}, {"quick", failover.Host, HostPace(), quick}}, func(w *Watch) {
			time.Sleep(20500 * time.Millisecond)
			votes := w.Votes()
			if len(votes) != 2 || votes[0].Name != "slow" || votes[0].Kind != failover.SIP || votes[0].Answer != failover.Silent || votes[1].Answer != failover.Alive {
				t.Errorf("%+v", votes)
			}
			if v := votes[0]; !v.Since.Equal(start) || !v.Heard.IsZero() || v.Why != "no answer within 2 s" || !v.Asked.Equal(start.Add(20*time.Second)) {
				t.Errorf("%+v", v)
			}
		})
		if len(slow.asked) != 7 || len(quick.asked) != 11 {
			t.Errorf("asked %d and %d times", len(slow.asked), len(quick.asked))
		}
		if !slow.ended || !quick.ended {
			t.Error("an asker was not closed")
		}
	})
}

func TestLaterQuestionsGoOutAtCommonTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := alive(time.Millisecond), alive(30*time.Millisecond)
		start := time.Now()
		run(t, []Probe{{"a", failover.Host, HostPace(), a}, {"b", failover.SIP, SIPPace(), b}}, func(*Watch) { time.Sleep(10 * time.Second) })
		if !a.asked[0].Equal(start) || !b.asked[0].Equal(start.Add(spread)) {
			t.Error("the first questions are late", a.asked[0], b.asked[0])
		}
		for i, asked := range b.asked[1:] {
			if at := start.Add(time.Duration(3*(i+1)) * time.Second); !asked.Equal(at) || !a.asked[i+2].Equal(at) {
				t.Error(i, asked, a.asked[i+2], "wanted", at)
			}
		}
	})
}

// A vote may change while whoever waits for it is still busy with what was before.
func TestAVoteThatChangesIsATickOnce(t *testing.T) {
	for name, busy := range map[string]time.Duration{"waiting": 0, "busy": 9 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			a := alive(0)
			run(t, []Probe{{"sip", failover.SIP, SIPPace(), a}}, func(w *Watch) {
				time.Sleep(time.Minute + time.Millisecond)
				a.set(-1, "", nil)
				after, ticks := time.Now(), Ticks{Interval: time.Hour, Votes: true}
				time.Sleep(busy)
				w.Wait(t.Context(), after, ticks)
				if took := time.Since(after); took > max(busy, 8*time.Second) {
					t.Errorf("%s: it is told after %s", name, took)
				}
				after = time.Now()
				w.Wait(t.Context(), after, ticks)
				if took := time.Since(after); took < time.Minute {
					t.Errorf("%s: it is told again after %s", name, took)
				}
			})
		})
	}
}

// The worst moment to die is right after an answer.
func TestSilenceIsNoticedInTime(t *testing.T) {
	for name, tt := range map[string]struct {
		pace Pace
		within,
		back time.Duration
	}{
		"host": {HostPace(), 6 * time.Second, 2 * time.Second}, "sip": {SIPPace(), 8 * time.Second, 6 * time.Second}, "service": {ServicePace(), 12 * time.Second, 10 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := alive(0)
			run(t, []Probe{{name, failover.SIP, tt.pace, a}}, func(w *Watch) {
				time.Sleep(time.Minute + time.Millisecond)
				a.set(-1, "", nil)
				time.Sleep(tt.within)
				if v := w.Votes()[0]; v.Answer != failover.Silent || time.Since(v.Since) > tt.within || time.Since(v.Heard) < tt.within {
					t.Errorf("%s: %+v", name, v)
				}
				a.set(0, failover.Alive, nil)
				time.Sleep(tt.back)
				if v := w.Votes()[0]; v.Answer != failover.Alive || v.Why != "" {
					t.Errorf("%s: %+v", name, v)
				}
			})
		})
	}
}

func TestOneSilenceWakesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := alive(time.Millisecond), alive(time.Millisecond)
		start := time.Now()
		run(t, []Probe{{"a", failover.Host, HostPace(), a}, {"b", failover.SIP, SIPPace(), b}}, func(*Watch) {
			time.Sleep(30500 * time.Millisecond)
			b.set(0, failover.Silent, nil)
			time.Sleep(6 * time.Second)
		})
		resting := 0
		for _, asked := range a.asked {
			if at := asked.Sub(start); at > 3*time.Second && at < 33*time.Second {
				resting++
			} else if at >= 33*time.Second && at%time.Second > 0 {
				t.Error("not at a tick", at)
			}
		}
		if last := a.asked[len(a.asked)-1].Sub(start); resting != 9 || last != 36*time.Second || a.asked[len(a.asked)-2].Sub(start) != 35*time.Second {
			t.Errorf("asked %d times at rest, and last after %s", resting, last)
		}
	})
}
