package resources

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/schema"
)

// Restore declares the node as it was before hotpair first changed it: files to
// the byte, the rows of the database, the documents of phones, and the services
// where hotpair stopped them. What somebody else has changed since is left as it
// is and noted.
func Restore(ctx context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	files, err := restoredFiles(ctx, cfg, env)
	if err != nil {
		return nil, err
	}
	cfg = restoring(cfg, env)
	found := env.Found.Role
	env.Found = Found{Role: schema.Disabled} // nothing that was found is taken for the pair's
	declared, err := Declare(ctx, cfg, env)
	if err != nil {
		return nil, err
	}
	for _, d := range declared {
		switch r := d.Resource.(type) {
		case reconcile.Filer:
			continue
		case *Services:
			d.Resource = env.restoredServices(r, found)
		default:
			d.Resource = &restored{Resource: r, past: env.past(d.ID), found: found}
		}
		d.Origin = restoredOrigin
		files = append(files, d)
	}
	return files, nil
}

// restoredOrigin is where a step of Restore comes from.
const restoredOrigin = "as it was found"

// restoring is a configuration under which only what hotpair changed is looked
// at: what was never touched need not answer.
func restoring(cfg *schema.Config, env Env) *schema.Config {
	own := *cfg
	own.Node.Role = schema.Disabled
	own.Provisioning.Enabled = cfg.Provisioning.Enabled && env.touched("registrar", "autoprov", "device")
	own.Database.Enabled = cfg.Database.Enabled && env.touched("sip_expiry")
	return &own
}

// touched tells whether hotpair may have changed a thing of these kinds.
func (e Env) touched(kinds ...string) bool {
	if e.Memory == nil {
		return false
	}
	for name, t := range e.Memory.Things {
		kind, _, _ := strings.Cut(name, ".")
		for _, k := range kinds {
			if kind == k && (len(t.Original) > 0 || !sameApartFromRole(t.First.State(), t.Want.State())) {
				return true
			}
		}
	}
	return false
}

func sameApartFromRole(a, b reconcile.State) bool {
	a, b = maps.Clone(a), maps.Clone(b)
	delete(a, servedRole)
	delete(b, servedRole)
	return maps.Equal(a, b)
}

// restored is a thing of many values, each of which is to be what it was when
// hotpair met it.
type restored struct {
	reconcile.Resource
	past  past
	found schema.Role
	left  []string // that somebody else has changed since
}

var (
	_ reconcile.Asker      = (*restored)(nil)
	_ reconcile.Noter      = (*restored)(nil)
	_ reconcile.Summarizer = (*restored)(nil)
)

// Want is what the ledger has kept of each value or, where hotpair overwrote
// nothing that it would keep, what was there first.
func (r *restored) Want(ctx context.Context) (reconcile.State, error) {
	want, err := r.Resource.Want(ctx)
	if err != nil {
		return nil, err
	}
	have, err := r.Resource.Have(ctx)
	if err != nil {
		return nil, err
	}
	r.left = nil
	for _, name := range sortedKeys(want) {
		if name == servedRole {
			continue
		}
		target := r.target(name, have[name], want[name])
		if last, known := r.past.last[name]; known && have[name] != last && have[name] != target {
			r.left = append(r.left, name)
			target = have[name]
		}
		want[name] = target
	}
	return want, nil
}

func (r *restored) target(name string, have, kept reconcile.Value) reconcile.Value {
	first, met := r.past.first[name]
	_, overwritten := r.past.originals[name]
	switch {
	case overwritten:
		return kept
	case met:
		return first
	case r.found == schema.Master:
		return have
	}
	return kept
}

// Asks is what the thing itself asks for.
func (r *restored) Asks(c reconcile.Change) []string {
	if a, can := r.Resource.(reconcile.Asker); can {
		return a.Asks(c)
	}
	return nil
}

// Summary is what the thing itself says in a few lines.
func (r *restored) Summary(c reconcile.Change) []string {
	if s, can := r.Resource.(reconcile.Summarizer); can {
		return s.Summary(c)
	}
	return nil
}

// Notes names what is left to somebody else.
func (r *restored) Notes(context.Context) ([]reconcile.Note, error) {
	if len(r.left) == 0 {
		return nil, nil
	}
	return []reconcile.Note{{Code: ChangedSince, Text: fmt.Sprintf("Left as it is, since somebody else has changed it: %s.", some(r.left))}}, nil
}

// ChangedSince is the code of the note on what somebody else has changed since.
const ChangedSince = "changed_since"
