package failover

import (
	"strings"
	"testing"
)

// A firewall of its own that lets nothing out: the probes cannot ask (EPERM), and
// a connection gets no answer.
func TestANodeThatNothingLeavesIsCutOff(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	for range 600 {
		r.now = r.now.Add(seconds)
		silent := Vote{Name: "sip tcp", Kind: SIP, Answer: Silent, Asked: r.now, Heard: r.heard["sip tcp"]}
		unasked := Vote{Name: "witness", Kind: Witness, Asked: r.heard["witness"], Heard: r.heard["witness"]}
		m, d := Decide(r.memory, r.now, r.policy, Sight{Self: r.self, Votes: []Vote{silent, unasked}})
		if r.memory = m; d.Serve {
			t.Fatalf("%+v", d)
		}
		r.said = append(r.said, d)
	}
	if d := r.said[len(r.said)-1]; !d.Isolated || !strings.Contains(d.Reason, "cut off itself") {
		t.Errorf("%+v", d)
	}
}

// SIP is asked more seldom than a witness: the witness answers again before it is
// noticed that the master was silent.
func TestAWitnessThatWasSilentTooVouchesForNothingBefore(t *testing.T) {
	r := newTrace()
	r.lives(aMinute, well)
	last := r.now
	for i := range 15 {
		r.now = r.now.Add(seconds)
		sip := Vote{Name: "sip udp", Kind: SIP, Answer: Alive, Asked: r.now, Heard: last}
		witness := Vote{Name: "witness", Kind: Witness, Answer: Alive, Asked: r.now, Heard: r.now}
		if i >= 3 && i < 11 {
			witness.Answer, witness.Heard = Silent, last
		}
		if i >= 11 {
			sip.Answer = Silent
		}
		m, d := Decide(r.memory, r.now, r.policy, Sight{Self: r.self, Votes: []Vote{sip, witness}})
		if r.memory = m; d.Serve {
			t.Fatalf("after %d s: %+v", i+1, d)
		}
	}
}
