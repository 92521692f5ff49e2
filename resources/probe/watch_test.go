package probe

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// asker is a target in fake time: it takes so long for each answer, or for ever
// when that is below 0.
type asker struct {
	mu    sync.Mutex
	takes time.Duration
	reply reply
	asked []time.Time
	out   int
	most  int // that were out at a time
	deaf  bool
	ended bool
}

func (a *asker) Ask(ctx context.Context) (failover.Answer, error) {
	a.mu.Lock()
	a.asked = append(a.asked, time.Now())
	takes, r, deaf := a.takes, a.reply, a.deaf
	a.out++
	a.most = max(a.most, a.out)
	a.mu.Unlock()
	defer func() { a.mu.Lock(); a.out--; a.mu.Unlock() }()
	if deaf {
		time.Sleep(takes)
		return r.answer, r.err
	}
	if takes < 0 || !sleep(ctx, takes) {
		<-ctx.Done()
		return failover.Silent, ctx.Err()
	}
	return r.answer, r.err
}

func (a *asker) Close() error { a.ended = true; return nil }

func (a *asker) set(takes time.Duration, answer failover.Answer, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.takes, a.reply = takes, reply{answer, err}
}

// run watches probes for a time in which do happens, and ends the watch.
func run(t *testing.T, probes []Probe, do func(w *Watch)) {
	t.Helper()
	w, err := New(probes)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	do(w)
	cancel()
	<-ended
}

func alive(takes time.Duration) *asker {
	return &asker{takes: takes, reply: reply{answer: failover.Alive}}
}

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
		if len(slow.asked) != 7 || len(quick.asked) != 21 {
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
			if at := start.Add(time.Duration(3*(i+1)) * time.Second); !asked.Equal(at) || !a.asked[3*(i+1)].Equal(at) {
				t.Error(i, asked, a.asked[3*(i+1)], "wanted", at)
			}
		}
	})
}

// The worst moment to die is right after an answer.
func TestSilenceIsNoticedInTime(t *testing.T) {
	for name, tt := range map[string]struct {
		pace Pace
		within,
		back time.Duration
	}{
		"host": {HostPace(), 4 * time.Second, 2 * time.Second}, "sip": {SIPPace(), 8 * time.Second, 6 * time.Second}, "service": {ServicePace(), 12 * time.Second, 10 * time.Second},
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

func TestAQuestionThatDoesNotEndIsASilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := alive(time.Hour)
		a.deaf = true
		run(t, []Probe{{"deaf", failover.SIP, SIPPace(), a}}, func(w *Watch) {
			time.Sleep(10 * time.Second)
			if v := w.Votes()[0]; v.Answer != failover.Silent || v.Why != "the question before has not ended" {
				t.Errorf("%+v", v)
			}
			a.set(0, failover.Alive, nil)
			time.Sleep(time.Hour)
			if v := w.Votes()[0]; v.Answer != failover.Alive {
				t.Errorf("%+v", v)
			}
		})
		if a.most != 1 {
			t.Errorf("%d questions were out at a time", a.most)
		}
	})
}

// broken is an Asker that panics, and one that says nothing.
type broken struct{ quiet bool }

func (b broken) Ask(context.Context) (failover.Answer, error) {
	if !b.quiet {
		panic("nil map")
	}
	return failover.Unknown, nil
}

func TestABrokenProbeIsASilenceAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run(t, []Probe{{"panics", failover.Host, HostPace(), broken{}}, {"says nothing", failover.Host, HostPace(), broken{quiet: true}}}, func(w *Watch) {
			time.Sleep(10 * time.Second)
			for i, why := range []string{"the probe itself is broken: nil map", "the probe gave no answer"} {
				if v := w.Votes()[i]; v.Answer != failover.Silent || v.Why != why {
					t.Errorf("%+v", v)
				}
			}
		})
	})
}

func TestWhatCannotBeAskedIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := alive(0)
		run(t, []Probe{{"a", failover.Host, HostPace(), a}}, func(w *Watch) {
			time.Sleep(1500 * time.Millisecond)
			heard := w.Votes()[0].Heard
			a.set(0, failover.Silent, syscall.EMFILE)
			time.Sleep(10 * time.Second)
			if v := w.Votes()[0]; v.Answer != failover.Unknown || v.Why != "too many open files" || !v.Heard.Equal(heard) || !v.Asked.Equal(heard) {
				t.Errorf("%+v", v)
			}
		})
	})
}

// sipLike counts as a SIP probe.
type sipLike struct {
	*asker
	server netip.Addr
}

func (s sipLike) sipServer() netip.Addr { return s.server }

func TestFewerThanFiveSIPRequestsReachAnAddressInFiveSeconds(t *testing.T) {
	one, other := netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3")
	for name, pace := range map[string]Pace{"default": SIPPace(), "short": {200 * time.Millisecond, 200 * time.Millisecond, 1, 1}} {
		synctest.Test(t, func(t *testing.T) {
			var askers []*asker
			var probes []Probe
			for i, server := range []netip.Addr{one, one, other} {
				askers = append(askers, alive(50*time.Millisecond))
				probes = append(probes, Probe{string(rune('a' + i)), failover.SIP, pace, sipLike{askers[i], server}})
			}
			run(t, probes, func(*Watch) { time.Sleep(10 * time.Minute) })
			for _, of := range [][]*asker{askers[:2], askers[2:]} {
				fewerThanFive(t, name, of)
			}
			if n := len(askers[0].asked); name == "default" && n != 200 {
				t.Errorf("%d questions are asked in 10 minutes", n)
			}
		})
	}
}

func fewerThanFive(t *testing.T, name string, askers []*asker) {
	t.Helper()
	var all []time.Time
	for _, a := range askers {
		if len(a.asked) < 100 {
			t.Errorf("%s: one of the probes asks %d times in 10 minutes", name, len(a.asked))
		}
		all = append(all, a.asked...)
	}
	for _, from := range all {
		within := 0
		for _, at := range all {
			if d := at.Sub(from); d >= 0 && d <= 5*time.Second {
				within++
			}
		}
		if within >= 5 {
			t.Fatalf("%s: %d requests within 5 s", name, within)
		}
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	to := netip.MustParseAddrPort("10.0.0.2:5060")
	ok := Probe{"sip", failover.SIP, SIPPace(), SIPUDP{Target{To: to}}}
	for want, change := range map[string]func(p *Probe){
		"no name":              func(p *Probe) { p.Name = "" },
		"asks nobody":          func(p *Probe) { p.Asker = nil },
		"at least 100ms":       func(p *Probe) { p.Interval = 0 },
		"fall and rise":        func(p *Probe) { p.Fall = 0 },
		"a port":               func(p *Probe) { p.Asker = TCP{Target{To: netip.AddrPortFrom(to.Addr(), 0)}} },
		"of one host":          func(p *Probe) { p.Asker = Ping{To: netip.MustParseAddr("224.0.0.1")} },
		"IPv6":                 func(p *Probe) { p.Asker = &SIPTCP{Target: Target{To: to, From: netip.MustParseAddr("::1")}} },
		"its URL is not one":   func(p *Probe) { p.Asker = HTTP{URL: "10.0.0.2"} },
		"begin with http://":   func(p *Probe) { p.Asker = HTTP{URL: "ftp://10.0.0.2/"} },
		"sends no credentials": func(p *Probe) { p.Asker = HTTP{URL: "http://root:secret@10.0.0.2/"} },
	} {
		p := ok
		change(&p)
		if _, err := New([]Probe{p}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", want, err)
		}
	}
	if _, err := New([]Probe{ok, ok}); err == nil || !strings.Contains(err.Error(), `"sip": there are two`) {
		t.Error(err)
	}
	if _, err := New([]Probe{ok}); err != nil {
		t.Error(err)
	}
}

func TestAnErrorIsSaidInPlainWords(t *testing.T) {
	for want, err := range map[string]error{
		"":                       nil,
		"no answer within 1.5 s": context.DeadlineExceeded,
		"it refuses: nothing listens at this port": syscall.ECONNREFUSED,
		"bell\uFFFD": errors.New("bell\a"),
	} {
		if got := explain(err, 1500*time.Millisecond); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
}
