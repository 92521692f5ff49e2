package failover

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// until has an operator ask for a failover that ends by itself.
func (r *trace) until(d time.Duration) {
	r.memory.Order, r.memory.Until = OrderFailover, r.now.Add(d)
}

func TestAFailoverForATimeIsGivenBackByItself(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.policy.Failback = Failback{Manual: true, After: time.Hour, Drain: 10 * time.Minute, Within: Window{1, 2}}
	r.lives(aMinute, well)
	r.until(5 * aMinute)
	if d := r.lives(4*aMinute, well); !d.Serve || !strings.Contains(d.Reason, "asked for the failover until 03:06:00") {
		t.Errorf("%+v", d)
	}
	d := r.lives(2*aMinute, well)
	if d.Serve || r.stoodIn || !r.memory.Until.IsZero() {
		t.Errorf("%+v, %+v", d, r.memory)
	}
	r.expect(t, 62*seconds, 361*seconds)
}

func TestAFailoverWhoseTimeIsOverIsNotBegun(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.until(5 * seconds) // nobody obeys meanwhile
	d := r.lives(aMinute, well)
	if r.expect(t); d.Asks != Nothing || !r.memory.Until.IsZero() || r.memory.Order != NoOrder {
		t.Errorf("%+v, %+v", d, r.memory)
	}
}

func TestAMasterThatStandsDownTooLateIsGivenBackItsPlaceAtOnce(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.until(5 * seconds)
	r.lives(6*seconds, well)
	r.stoodIn, r.obeys = true, true
	if d := r.lives(10*seconds, well); d.Serve || r.stoodIn {
		t.Errorf("%+v", d)
	}
	r.expect(t, 67*seconds, 69*seconds)
}

func TestAMasterThatDiesMeanwhileIsGivenBackItsPlaceOnceItIsWell(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.lives(aMinute, well)
	r.until(2 * aMinute)
	r.lives(aMinute, well)
	if d := r.lives(10*aMinute, off); !d.Serve {
		t.Errorf("%+v", d)
	}
	r.stoodIn = false // it was started anew
	if d := r.lives(10*seconds, well); d.Serve {
		t.Errorf("%+v", d)
	}
}

func TestALaterOrderHasNoEndOfTheOneBefore(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.until(2 * aMinute)
	r.lives(aMinute, off)
	r.memory.Order, r.memory.Until = OrderFailover, time.Time{}
	if d := r.lives(time.Hour, well); !d.Serve {
		t.Errorf("%+v", d)
	}
}

func TestAClockThatIsSetBackMakesAFailoverNoLonger(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.until(3 * aMinute)
	r.lives(2*aMinute, off)
	r.now = r.now.Add(-time.Hour)
	for name := range r.heard {
		r.heard[name] = r.heard[name].Add(-time.Hour)
	}
	if d := r.lives(2*aMinute, well); d.Serve {
		t.Errorf("%+v", d)
	}
}

// Whatever happens meanwhile, the place is given back when the time is over and
// the master is well.
func TestWhatLastsForATimeDoesNotLastLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newTrace()
		r.policy = anyPolicy().Draw(t, "policy")
		r.policy.Failback.Manual = rapid.Bool().Draw(t, "by hand")
		r.obeys = rapid.Bool().Draw(t, "obeys")
		r.lives(time.Minute, well)
		end := r.now.Add(time.Duration(rapid.IntRange(1, 1200).Draw(t, "until")) * time.Second)
		r.memory.Order, r.memory.Until = OrderFailover, end
		for range rapid.IntRange(1, 6).Draw(t, "episodes") {
			if r.now.Before(end) {
				r.lives(time.Duration(rapid.IntRange(1, 300).Draw(t, "seconds"))*time.Second, anyWorld().Draw(t, "world"))
			}
		}
		byHand := r.memory.ByHand && r.memory.Serving
		r.lives(max(end.Sub(r.now), 0)+time.Second, well)
		if d := r.lives(r.policy.Answering+10*time.Second, well); byHand && d.Serve && !r.memory.Split {
			t.Fatalf("it still serves: %+v, %+v", d, r.memory)
		}
	})
}
