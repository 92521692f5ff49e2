package reconcile

import (
	"context"
	"errors"
	"fmt"
)

// look asks a resource for both its sides.
func look(ctx context.Context, d Declared) (Change, error) {
	c := Change{ID: d.ID}
	var err error
	if c.Want, err = d.Resource.Want(ctx); err != nil {
		return c, d.wrap(err)
	}
	if c.Have, err = d.Resource.Have(ctx); err != nil {
		return c, d.wrap(err)
	}
	return c, nil
}

// lookAll looks at everything and returns every error that it met, so that an
// administrator mends all of them at once.
func lookAll(ctx context.Context, declared []Declared) ([]Change, error) {
	looked := make([]Change, 0, len(declared))
	var errs []error
	for _, d := range declared {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c, err := look(ctx, d)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		looked = append(looked, c)
	}
	return looked, errors.Join(errs...)
}

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
