package failover

import (
	"strings"
	"testing"
	"time"
)

func TestADeadMasterIsReplacedAndGivenBackItsPlace(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	d := r.lives(4*seconds, off)
	if d.Peer != PeerUnreachable || d.Serve || !strings.Contains(d.Reason, "has not answered since 03:01:00") || !strings.Contains(d.Reason, "takes over at 03:01:10") {
		t.Errorf("noticed: %+v", d)
	}
	d = r.lives(aMinute, off)
	r.expect(t, 70*seconds)
	r.lives(3*aMinute, well)
	r.expect(t, 70*seconds, 245*seconds)
	if len(r.memory.Takeovers) != 1 || d.Trouble != NoTrouble {
		t.Errorf("%+v, %+v", r.memory, d)
	}
}

func TestWhatIsNoDeathIsNoTakeover(t *testing.T) {
	for name, c := range map[string]struct {
		w    world
		d    time.Duration
		peer PeerState
		says string
	}{
		"a restart of the services":     {hanging, 45 * seconds, PeerDegraded, "That may be a restart"},
		"one transport is blocked":      {noUDP, time.Hour, PeerHealthy, "sip udp gets no answer"},
		"this node is banned":           {banned, time.Hour, PeerHealthy, "its own hotpair hears its SIP server"},
		"this node is cut off":          {cutOff, time.Hour, PeerUnreachable, "this node is cut off itself"},
		"the witness is away":           {noWatch, time.Hour, PeerHealthy, "stands by"},
		"a short loss of the link":      {off, 8 * seconds, PeerUnreachable, "takes over at"},
		"a host that answers no ping":   {without(func(w *world) { w.host = false }), time.Hour, PeerHealthy, "ping gets no answer"},
		"the master's hotpair is ended": {without(func(w *world) { w.report = false }), time.Hour, PeerHealthy, "stands by"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTrace()
			r.lives(aMinute, well)
			d := r.lives(c.d, c.w)
			if d.Peer != c.peer || !strings.Contains(d.Reason, c.says) {
				t.Errorf("%+v", d)
			}
			if d.Isolated != (c.w == cutOff) {
				t.Errorf("isolated: %v", d.Isolated)
			}
			r.lives(aMinute, well)
			r.expect(t)
		})
	}
}

func TestAMasterWhoseTelephonyIsDeadIsReplacedAfterLonger(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	if d := r.lives(8*seconds, hanging); d.Peer != PeerDegraded {
		t.Errorf("not noticed: %+v", d)
	}
	r.lives(2*aMinute, hanging)
	r.expect(t, 150*seconds)
}

func TestAMasterThatCanBeToldStandsDownFirst(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.lives(aMinute, well)
	r.lives(85*seconds, sickly)
	if d := r.lives(5*seconds, sickly); d.Asks != StandDown || d.Serve {
		t.Errorf("it is not asked: %+v", d)
	}
	r.lives(aMinute, sickly)
	r.expect(t, 151*seconds)
	if d := r.said[len(r.said)-1]; !strings.Contains(d.Reason, "The master has stood down, and its hotpair is heard since") {
		t.Errorf("%+v", d)
	}
	// Mended, it serves again when it is asked, and the standby ceases after it does.
	r.stoodIn = true
	d := r.lives(10*aMinute, well)
	if d.Serve || r.stoodIn || len(r.turned) != 2 {
		t.Errorf("%+v, %v", d, r.turned)
	}
}

func TestAMasterThatDoesNotStandDownIsNotWaitedForForever(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.lives(3*aMinute, sickly)
	r.expect(t, 180*seconds)
}

func TestAMasterThatCannotBeToldIsLeftWhereThePolicySaysSo(t *testing.T) {
	r := newTrace()
	r.policy.HoldUntold = true
	r.lives(aMinute, well)
	d := r.lives(time.Hour, hanging)
	r.expect(t)
	if d.Trouble != Held || !strings.Contains(d.Reason, "second DHCP server") {
		t.Errorf("%+v", d)
	}
}

func TestWithoutAWitnessItWaitsLonger(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, noWatch)
	d := r.lives(20*seconds, cutOff)
	if d.Serve || d.Isolated || !strings.Contains(d.Reason, "no witness was ever seen") {
		t.Errorf("%+v", d)
	}
	r.lives(2*aMinute, cutOff)
	r.expect(t, 150*seconds)
}

func TestWhatHoldsATakeover(t *testing.T) {
	for name, c := range map[string]struct {
		arrange func(*trace)
		says    string
	}{
		"never replicated": {func(r *trace) { r.self.Replicated = time.Time{} }, "Nothing was ever replicated"},
		"manual":           {func(r *trace) { r.policy.Manual = true }, "`hotpair failover` takes over"},
		"maintenance":      {func(r *trace) { r.memory.Paused = start.Add(2 * time.Hour) }, "Maintenance lasts until 05:00:00"},
		"no carrier":       {func(r *trace) { r.self.Cut = true }, "cut off itself"},
		"just started":     {func(r *trace) { r.self.Booted = start.Add(59 * time.Minute) }, "may be starting too"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTrace()
			c.arrange(r)
			r.lives(aMinute, well)
			if name == "just started" { // while the master was not heard
				r.now = start.Add(time.Hour)
			}
			d := r.lives(100*seconds, off)
			if r.expect(t); !strings.Contains(d.Reason, c.says) {
				t.Errorf("%+v", d)
			}
			if name == "just started" {
				return
			}
			r.memory.Order = OrderFailover
			if r.lives(seconds, off); !r.memory.Serving {
				t.Error("an operator's order is not followed")
			}
		})
	}
}

func TestAMasterThatWasNeverSeenIsNotDead(t *testing.T) {
	r := newTrace()
	d := r.lives(time.Hour, off)
	if r.expect(t); d.Peer != PeerUnknown {
		t.Errorf("%+v", d)
	}
}

func TestBothStartInAnyOrder(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.now = start.Add(time.Hour)
	r.self.Booted = r.now
	r.lives(150*seconds, off) // the master takes longer
	r.lives(time.Hour, well)
	r.expect(t)
}

func TestAPauseIsNoSilence(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.lives(5*seconds, off)
	r.now = r.now.Add(10 * time.Minute) // frozen
	d := r.lives(9*seconds, off)
	if r.expect(t); d.Serve {
		t.Errorf("%+v", d)
	}
	r.lives(2*seconds, off)
	r.expect(t, (60+5+600+11)*seconds)
}

func TestARestartOfTheDaemonForgetsNothing(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.lives(5*seconds, off)
	r.now = r.now.Add(2 * time.Second)
	r.heard, r.missed = map[string]time.Time{}, map[string]int{} // a new process
	r.lives(5*seconds, off)
	r.expect(t, 70*seconds)
}

func TestAClockThatIsSetIsNoSilence(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		r := newTrace()
		r.lives(aMinute, well)
		r.now = r.now.Add(by)
		for name := range r.heard {
			r.heard[name] = r.heard[name].Add(-by)
		}
		r.lives(aMinute, well)
		r.expect(t)
	}
}

func TestAFlappingMasterIsNotFollowed(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	for range 8 {
		r.lives(15*seconds, off)
		r.lives(3*aMinute, well)
	}
	d := r.lives(5*aMinute, well)
	if len(r.turned) != 7 || !d.Serve || d.Trouble != Waiting || !strings.Contains(d.Reason, "`hotpair failback`") {
		t.Errorf("%v, %+v", r.turned, d)
	}
	r.memory.Order = OrderFailback
	if d := r.lives(2*seconds, well); d.Serve {
		t.Errorf("%+v", d)
	}
}

func TestFailbackWaitsForCallsAndItsWindow(t *testing.T) {
	r := newTrace()
	r.policy.Failback.Within = Window{22 * time.Hour, 3*time.Hour + 10*time.Minute}
	r.lives(aMinute, well)
	r.lives(10*aMinute, off)
	d := r.lives(10*aMinute, well)
	if !d.Serve || !strings.Contains(d.Reason, "failover.failback.window") {
		t.Errorf("%+v", d)
	}
	r.policy.Failback.Within = Window{}
	d = r.lives(9*aMinute, longCall)
	if !d.Serve || !strings.Contains(d.Reason, "end of its calls") {
		t.Errorf("%+v", d)
	}
	if d = r.lives(2*aMinute, longCall); d.Serve {
		t.Errorf("the limit does not hold: %+v", d)
	}
}

func TestAMasterThatCameBackEmptyIsNotGivenItsPlace(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.lives(aMinute, off)
	installed := without(func(w *world) { w.report = false })
	if d := r.lives(time.Hour, installed); !d.Serve || d.Trouble != Waiting || !strings.Contains(d.Reason, "it may have come back empty") {
		t.Errorf("%+v", d)
	}
	if d := r.lives(3*seconds, well); d.Serve {
		t.Errorf("%+v", d)
	}
	r.expect(t, 70*seconds, (60+60+3600+1)*seconds)
}

func TestManualFailbackWaitsForAnOperator(t *testing.T) {
	r := newTrace()
	r.policy.Failback.Manual = true
	r.lives(aMinute, well)
	r.lives(aMinute, off)
	if d := r.lives(time.Hour, well); !d.Serve || d.Trouble != Waiting {
		t.Errorf("%+v", d)
	}
}

func TestTwoThatServeAreReportedAndResolved(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.now = r.now.Add(seconds)
	r.self.Serving = true // somebody started the services
	d := r.lives(seconds, well)
	if d.Trouble != SplitBrain || !d.Serve {
		t.Errorf("%+v", d)
	}
	if d = r.lives(5*aMinute, well); d.Serve || d.Trouble != NoTrouble {
		t.Errorf("it is not resolved: %+v", d)
	}
}

func TestAStandbyThatRebootsBesideAHealthyMasterStandsBy(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.lives(aMinute, off)
	r.self.Booted, r.self.Serving = r.now.Add(aMinute), false
	r.now = r.now.Add(2 * aMinute)
	for _, says := range []string{"it looks at the master until 03:04:11", "it stands by again"} {
		if d := r.lives(seconds, well); !strings.Contains(d.Reason, says) {
			t.Errorf("%+v", d)
		}
	}
	r.expect(t, 70*seconds, 242*seconds)
}

func TestAnOperatorsFailoverLastsUntilHisFailback(t *testing.T) {
	r := newTrace()
	r.obeys = true
	r.lives(aMinute, well)
	r.memory.Order = OrderFailover
	if d := r.lives(time.Hour, well); !d.Serve || !r.stoodIn || d.Trouble != NoTrouble || !strings.Contains(d.Reason, "`hotpair failback`") {
		t.Errorf("%+v", d)
	}
	r.expect(t, 62*seconds)
	r.memory.Order = OrderFailback
	if d := r.lives(5*seconds, well); d.Serve || r.stoodIn {
		t.Errorf("%+v", d)
	}
}

func TestWhatPassedWhileItWasCutOffSaysNothingOfTheMaster(t *testing.T) {
	for name, w := range map[string]world{"its host answers first": hanging, "a witness answers first": off} {
		t.Run(name, func(t *testing.T) {
			r := newTrace()
			r.lives(aMinute, well)
			r.lives(10*aMinute, cutOff)
			r.lives(3*seconds, w)
			r.lives(aMinute, well)
			r.expect(t)
		})
	}
}

func TestAMasterThatStartsLaterHasTimeForItsServices(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.now = r.now.Add(5 * aMinute)
	r.self.Booted = r.now
	r.lives(2*aMinute, off)
	r.lives(80*seconds, hanging)
	r.lives(aMinute, well)
	r.expect(t)
}

func TestMaintenanceOfTheMasterHoldsThePlaceWhereItIs(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	r.lives(aMinute, off)
	r.pausedThere = r.now.Add(20 * aMinute)
	d := r.lives(15*aMinute, well)
	if !d.Serve || !strings.Contains(d.Reason, "Maintenance of the master lasts until") {
		t.Errorf("%+v", d)
	}
	if d = r.lives(10*aMinute, well); d.Serve {
		t.Errorf("%+v", d)
	}
}
