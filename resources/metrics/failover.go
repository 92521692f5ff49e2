package metrics

import (
	"strings"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/takeover"
)

func peerStates() []failover.PeerState {
	return []failover.PeerState{failover.PeerUnknown, failover.PeerHealthy, failover.PeerBusy, failover.PeerDegraded, failover.PeerUnreachable, failover.PeerStoodDown}
}

func troubles() []failover.Trouble {
	return []failover.Trouble{failover.SplitBrain, failover.Held, failover.Waiting}
}

// failoverFamilies are about who serves.
func failoverFamilies() []family {
	decided := func(tell func(now takeover.Standing, is telling)) func(Sample, telling) {
		return func(s Sample, is telling) {
			if s.Failover != nil {
				tell(*s.Failover, is)
			}
		}
	}
	return []family{
		{"hotpair_serving", "Whether the node serves: its telephony runs and is not disabled.", nil, func(s Sample, is telling) {
			if s.Serves != nil {
				is(one(*s.Serves))
			}
		}},
		{"hotpair_to_serve", "Whether the failover has decided that the node is to serve.", nil, decided(func(now takeover.Standing, is telling) { is(one(now.Serve)) })},
		{"hotpair_to_serve_since_timestamp_seconds", "Since when the node is to serve, or to stand by.", nil, decided(func(now takeover.Standing, is telling) { is(seconds(now.Since)) })},
		{"hotpair_transition_running", "Whether the last decision to serve or to stand by is not carried out yet.", nil, decided(func(now takeover.Standing, is telling) { is(one(now.Busy)) })},
		{"hotpair_transition_failed", "Whether the last start or stop of the services failed.", nil, decided(func(now takeover.Standing, is telling) { is(one(now.Failure != "")) })},
		{"hotpair_companions_failed", "Whether units that go with serving are not as they should be.", nil, decided(func(now takeover.Standing, is telling) { is(one(now.Companions != "")) })},
		{"hotpair_peer_state", "What the peer looks like from here: 1 for the state that it is in, 0 for the others.", []string{"state"}, decided(tellPeer)},
		{"hotpair_peer_heard", "Whether the peer's own hotpair is heard.", nil, decided(func(now takeover.Standing, is telling) { is(one(now.Reported)) })},
		{"hotpair_isolated", "Whether the node is cut off itself: neither the peer nor a witness answers.", nil, decided(func(now takeover.Standing, is telling) { is(one(now.Isolated)) })},
		{"hotpair_trouble", "What no decision mends by itself: 1 for what there is, 0 for the others.", []string{"trouble"}, decided(tellTrouble)},
		{"hotpair_probe_up", "Whether what a probe asks answers.", []string{"probe", "kind"}, decided(tellProbes)},
		{"hotpair_maintenance_until_timestamp_seconds", "Until when an operator works on the node; 0: nobody does.", nil, decided(func(now takeover.Standing, is telling) { is(seconds(now.Paused)) })},
	}
}

// word is a state as the value of a label.
func word[S ~string](s S) string { return strings.ReplaceAll(string(s), " ", "_") }

func tellPeer(now takeover.Standing, is telling) {
	for _, state := range peerStates() {
		is(one(now.Peer == state), word(state))
	}
}

func tellTrouble(now takeover.Standing, is telling) {
	for _, trouble := range troubles() {
		is(one(now.Trouble == trouble), word(trouble))
	}
}

// tellProbes leaves out those that have not asked often enough to know.
func tellProbes(now takeover.Standing, is telling) {
	for _, v := range now.Votes {
		if v.Answer != failover.Unknown {
			is(one(v.Answer != failover.Silent), v.Name, word(v.Kind))
		}
	}
}
