package resources

import (
	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/schema"
)

// past is what earlier runs tell of a thing.
type past struct {
	originals map[string]string // what hotpair has overwritten
	last      reconcile.State   // as last settled upon
	first     reconcile.State   // as first met
	role      schema.Role       // in which the node was found
	peer      string            // that the node was found with
}

func (e Env) past(id reconcile.ID) past {
	p := past{role: e.Found.Role}
	if e.Found.Peer.IsValid() && e.Found.Role != schema.Disabled {
		p.peer = e.Found.Peer.String()
	}
	if e.Memory != nil {
		p.originals, _ = e.Memory.Original(id)
		p.first, _ = e.Memory.First(id)
		p.last = e.Memory.Last(id)
	}
	return p
}

// settled tells whether the thing was last in order in a role.
func (p past) settled(role schema.Role) bool {
	return p.last[servedRole].Reveal() == string(role)
}

// found tells whether the thing is not known yet and the node was found in this
// role.
func (p past) found(role schema.Role) bool {
	return p.last == nil && p.role == role
}
