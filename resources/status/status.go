// Package status is how a node stands, for everybody who wants to know: the
// command status, the dashboard, the metrics, the alerts. All of them show the
// same, since all of them get the same Status.
//
// It only holds what others found: the last look of the engine (Look), what the
// daemon says of itself (Watch), how the failover stands, and how replication does.
// Nothing in it is secret: values that are print as "(secret)".
package status

import (
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/takeover"
)

// Status is how a node stands at one moment.
type Status struct {
	At       time.Time `json:"at"`
	Wanted   string    `json:"wanted"`   // the role by ha.hcl, as written there
	Recorded string    `json:"recorded"` // the role by ha.conf: master, slave or disabled
	Said     string    `json:"-"`        // of the recorded role, for people
	Peer     string    `json:"peer"`     // its address; "none"
	Platform string    `json:"platform"` // by its full name
	Standby  bool      `json:"-"`        // the node is the standby, which the master replicates to
	Look
	Found   *reconcile.Found `json:"found"`                  // before the first apply; null: there was none
	InOrder time.Time        `json:"last_in_order,omitzero"` // when something was last put in order
	Running *disk.Holder     `json:"running"`                // who changes the node now
	Watch   *Watch           `json:"watch"`                  // how the daemon stands; null: none runs
	// Replication is how what hotpair replicates from here stands.
	Replication []replicate.Standing `json:"replication,omitempty"`
	// Failover is how the failover stands; null: no daemon decides.
	Failover  *takeover.Standing `json:"failover,omitempty"`
	Undecided string             `json:"-"` // who watches the peer while no daemon does; "": nobody is to
	Outage    *Outage            `json:"outage,omitempty"`
	Budget    []string           `json:"-"` // the outage in words
	Alerts    []Receiver         `json:"alerts,omitempty"`
}

// Look is what one look at the node found.
type Look struct {
	Differences int                `json:"differences"`
	Drifted     int                `json:"drifted"`
	Pending     []Pending          `json:"pending,omitempty"`
	Actions     []reconcile.Action `json:"actions"`
	Notes       []string           `json:"notes"`
	Unseen      []string           `json:"unseen,omitempty"` // what could not be looked at, and why
}

// Pending is one difference between the node and ha.hcl.
type Pending struct {
	Name    string    `json:"name"` // "registrar.default"
	Verb    string    `json:"verb"` // create, update or remove
	Says    []string  `json:"says"` // each attribute's change in words, secrets hidden
	Origin  string    `json:"origin,omitempty"`
	Drifted bool      `json:"drifted,omitempty"`
	InOrder time.Time `json:"in_order_until,omitzero"` // of what drifted
	Held    string    `json:"held,omitempty"`          // why it is not carried out now
}

// PendingOf tells of a plan's steps.
func PendingOf(steps []reconcile.Step) []Pending {
	var list []Pending
	for _, s := range steps {
		p := Pending{Name: s.ID.String(), Verb: string(s.Verb()), Origin: s.Origin, Held: s.Held, Drifted: len(s.Drifted) > 0, Says: s.Summary}
		if p.Drifted {
			p.InOrder = s.Settled
		}
		if p.Says == nil {
			for _, attr := range s.Attributes() {
				p.Says = append(p.Says, attr.Name+" "+attr.Transition())
			}
		}
		list = append(list, p)
	}
	return list
}

// Waiting are the actions that are owed and wait for consent.
func (l Look) Waiting() []reconcile.Action {
	var list []reconcile.Action
	for _, a := range l.Actions {
		if a.Owed && a.Standing == reconcile.Waiting {
			list = append(list, a)
		}
	}
	return list
}
