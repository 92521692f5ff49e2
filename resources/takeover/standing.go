package takeover

import (
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
)

// Standing is how the failover of a node stands, as others read it.
type Standing struct {
	Master  bool               `json:"master"`
	Serve   bool               `json:"serve"`   // it is to serve
	Serving bool               `json:"serving"` // its telephony runs and is not disabled
	Since   time.Time          `json:"since"`   // it is to serve, or to stand by
	Peer    failover.PeerState `json:"peer"`
	// PeerSince is since when the peer looks like that.
	PeerSince time.Time        `json:"peer_since,omitzero"`
	Wait      bool             `json:"wait,omitempty"` // nothing is started or stopped yet
	Isolated  bool             `json:"isolated,omitempty"`
	Trouble   failover.Trouble `json:"trouble,omitempty"`
	Asks      failover.Ask     `json:"asks,omitempty"`
	Paused    time.Time        `json:"paused,omitzero"`
	Until     time.Time        `json:"until,omitzero"`     // it gives back by itself then, at the latest
	Due       time.Time        `json:"due,omitzero"`       // it acts by itself then, if what it sees stays so
	Draining  bool             `json:"draining,omitempty"` // it waits for the end of its calls and registrations
	Reason    string           `json:"reason"`
	Told      time.Time        `json:"told"`              // when this was stored
	Busy      bool             `json:"busy,omitempty"`    // the last transition is not carried out yet
	Doing     string           `json:"doing,omitempty"`   // what is under way with the services
	Failure   string           `json:"failure,omitempty"` // of the last start or stop
	// Companions is why the units that go with serving are not as they should be.
	Companions string          `json:"companions,omitempty"`
	Order      failover.Order  `json:"order,omitempty"`
	Votes      []failover.Vote `json:"votes,omitempty"`         // without the times of single questions
	Unproven   []string        `json:"unproven,omitempty"`      // the probes that were never seen alive, and have no vote
	Reported   bool            `json:"reported"`                // the peer's own hotpair is heard
	Ever       bool            `json:"ever_reported,omitempty"` // it was ever heard
	// Report is what the peer's own hotpair says of its node, without the time; nil:
	// it is not heard.
	Report     *failover.Report `json:"report,omitempty"`
	Replicated time.Time        `json:"replicated,omitzero"` // to this standby, well, as its master told last
}

// Stands reads how the failover stands; false: no daemon told it since the node
// was started.
func Stands(h *host.Host) (s Standing, told bool) {
	told = get(h, standingPath, &s)
	return s, told
}

// votes are without what changes with each question.
func votes(all []failover.Vote) []failover.Vote {
	all = slices.Clone(all)
	for i := range all {
		all[i].Asked, all[i].Heard = time.Time{}, time.Time{}
		if a := all[i].Answer; a == failover.Alive || a == failover.Busy {
			all[i].Why = ""
		}
	}
	return all
}

// unproven are the probes that were never seen alive.
func unproven(m failover.Memory, all []failover.Vote) (names []string) {
	for _, v := range all {
		if !m.Knows(v.Name) {
			names = append(names, v.Name)
		}
	}
	return names
}

// steady is a report without what changes with each.
func steady(r failover.Report) *failover.Report {
	r.At = time.Time{}
	return &r
}
