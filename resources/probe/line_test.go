package probe

import (
	"context"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
)

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
