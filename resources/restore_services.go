package resources

import (
	"context"
	"fmt"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource = (*restoredServices)(nil)
	_ reconcile.Noter    = (*restoredServices)(nil)
)

// restoredServices are started again where hotpair stopped them. None is
// stopped, which would end calls: on a node that was found as a stock slave its
// master check does that, as ever.
type restoredServices struct {
	*Services
	found schema.Role
	first string // as hotpair met them
}

func (e Env) restoredServices(s *Services, found schema.Role) *restoredServices {
	first := e.past(servicesID).first
	return &restoredServices{s, found, first[servicesAttribute].Reveal()}
}

// Want is what there is, unless hotpair stopped it.
func (r *restoredServices) Want(ctx context.Context) (reconcile.State, error) {
	have, err := r.look(ctx)
	r.looked = have
	if err == nil && r.found != schema.Slave && r.first == active && have[servicesAttribute].Reveal() == passiveState {
		return r.state(active), nil
	}
	return have, err
}

// Notes tells of services that run on a node that was a slave.
func (r *restoredServices) Notes(context.Context) ([]reconcile.Note, error) {
	if r.found != schema.Slave || r.first != passiveState || r.seen[servicesAttribute].Reveal() != active {
		return nil, nil
	}
	return []reconcile.Note{{Code: "stops_services", Text: fmt.Sprintf("The services of this node run, and it was found as a slave: the stock master check, once it is in cron again, stops them when the master answers. `%s stop` stops them now.", r.telephony.Manage)}}, nil
}
