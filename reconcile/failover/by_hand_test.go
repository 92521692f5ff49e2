package failover

import (
	"strings"
	"testing"
	"time"
)

// unheard is a master whose telephony is well and whose hotpair is not heard.
var unheard = without(func(w *world) { w.report = false })

// The daemon of a master connects anew whenever its ha.hcl has changed.
func TestAMasterThatIsUnheardForAMomentIsAskedNevertheless(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.lives(aMinute, well)
	r.memory.Order = OrderFailover
	if d := r.lives(8*seconds, unheard); d.Serve || !strings.Contains(d.Reason, "is not heard now: it is waited for, and this node takes over at 03:01:31") {
		t.Errorf("%+v", d)
	}
	if d := r.lives(aMinute, well); !d.Serve || !r.stoodIn || d.Trouble != NoTrouble {
		t.Errorf("%+v", d)
	}
	r.expect(t, 70*seconds)
}

// Whoever orders a failover of a master without hotpair gets it, and is told what that means.
func TestAMasterWhoseHotpairIsGoneDoesNotKeepTheOperatorWaiting(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.lives(aMinute, well)
	r.lives(aMinute, unheard)
	r.memory.Order = OrderFailover
	r.lives(31*seconds, unheard)
	r.expect(t, 151*seconds)
	if d := r.lives(aMinute, unheard); d.Trouble != SplitBrain || !strings.Contains(d.Reason, "So does the master") || !strings.Contains(d.Reason, "see that `hotpair watch` runs there") {
		t.Errorf("%+v", d)
	}
	if d := r.lives(5*seconds, well); !d.Serve || !r.stoodIn || d.Trouble != NoTrouble {
		t.Errorf("its hotpair is back: %+v", d)
	}
}

// One whose telephony is dead, or that was never heard, cannot be waited for.
func TestAnOrderIsCarriedOutAtOnceWhereNobodyCouldHandOver(t *testing.T) {
	for name, w := range map[string]world{"dead": off, "hanging": hanging} {
		r := newTrace()
		r.lives(aMinute, well)
		r.lives(9*seconds, w)
		r.memory.Order = OrderFailover
		if d := r.lives(seconds, w); !d.Serve {
			t.Errorf("%s: %+v", name, d)
		}
	}
	r := newTrace()
	r.lives(aMinute, unheard)
	r.memory.Order = OrderFailover
	if d := r.lives(seconds, unheard); !d.Serve {
		t.Errorf("never heard: %+v", d)
	}
}

// A master that comes back, or comes back empty, while an operator wants the standby to
// serve, serves at once: it is asked to hand over.
func TestAMasterThatComesBackBesideAnOrderedStandbyHandsOver(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.lives(aMinute, well)
	r.lives(9*seconds, off)
	r.memory.Order = OrderFailover
	r.lives(10*aMinute, off)
	d := r.lives(5*seconds, well)
	if !d.Serve || !r.stoodIn || d.Trouble != NoTrouble {
		t.Errorf("%+v", d)
	}
	r.memory.Order = OrderFailback
	if d := r.lives(time.Minute, well); d.Serve || r.stoodIn {
		t.Errorf("%+v", d)
	}
	r.expect(t, 70*seconds, 676*seconds)
}

// One that does not hand over is no reason to give up the place, and is told loudly.
func TestAMasterThatDoesNotHandOverIsToldOf(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.memory.Order = OrderFailover
	r.lives(31*seconds, well)
	if d := r.lives(5*seconds, well); !d.Serve || d.Trouble != NoTrouble || d.Asks != HandOver {
		t.Errorf("%+v", d)
	}
	if d := r.lives(aMinute, well); !d.Serve || d.Trouble != SplitBrain || d.Asks != HandOver || !strings.Contains(d.Reason, "which is asked to hand over") {
		t.Errorf("%+v", d)
	}
	r.memory.Order = OrderFailback
	if d := r.lives(5*seconds, well); d.Serve || d.Trouble != NoTrouble {
		t.Errorf("%+v", d)
	}
}
