package reconcile

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrLater is returned by a resource that can be looked at only after other
// changes: what it asks does not run yet, and that is as it should be.
var ErrLater = errors.New("it can be looked at later only")

// Unseen is a thing that could not be looked at, or whose change could not be
// carried out as the node is now.
type Unseen struct {
	ID     ID
	Origin string
	Err    error
}

// Later tells whether that is no fault: other changes come first.
func (u Unseen) Later() bool { return errors.Is(u.Err, ErrLater) }

// sight is a declared thing and what was seen of it.
type sight struct {
	Declared
	change Change
	err    error
}

// abreast is how many things are looked at side by side: a slow service delays
// only what is asked of it.
const abreast = 8

// lookAll looks at everything. What could not be looked at is listed apart, so
// that the rest can go on and an administrator mends all of it at once.
func lookAll(ctx context.Context, declared []Declared) (seen []sight, unseen []Unseen, err error) {
	sights := make([]sight, len(declared))
	slots := make(chan struct{}, abreast)
	var all sync.WaitGroup
	for i, d := range declared {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			sights[i].Declared = d
			sights[i].change, sights[i].err = look(ctx, d)
		})
	}
	all.Wait()
	for _, s := range sights {
		if s.err != nil {
			unseen = append(unseen, s.unseen(s.err))
			continue
		}
		seen = append(seen, s)
	}
	return seen, unseen, ctx.Err()
}

// look asks a resource for both its sides.
func look(ctx context.Context, d Declared) (Change, error) {
	c := Change{ID: d.ID}
	if err := ctx.Err(); err != nil {
		return c, err
	}
	var err error
	if c.Want, err = d.Resource.Want(ctx); err != nil {
		return c, d.wrap(err)
	}
	if c.Have, err = d.Resource.Have(ctx); err != nil {
		return c, d.wrap(err)
	}
	return c, nil
}

func (d Declared) unseen(err error) Unseen { return Unseen{ID: d.ID, Origin: d.Origin, Err: err} }

// wrap names the thing in an error.
func (d Declared) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", d.ID, err)
}

// eachOnce refuses two resources of one name: a ledger entry would serve both.
func eachOnce(declared []Declared) error {
	seen := map[ID]string{}
	for _, d := range declared {
		if origin, twice := seen[d.ID]; twice {
			return fmt.Errorf("%s is declared twice: %s and %s", d.ID, origin, d.Origin)
		}
		seen[d.ID] = d.Origin
	}
	return nil
}
