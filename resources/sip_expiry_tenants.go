package resources

import (
	"context"
	"fmt"

	"github.com/hotpair/hotpair/reconcile"
)

var (
	_ reconcile.Resource = noTemplate{}
	_ reconcile.Noter    = noTemplate{}
)

// noTemplate are tenants without a global SIP template, in which alone the
// values can stand. It is declared so that somebody is told; it changes nothing.
type noTemplate struct{ tenants int }

// Want is nothing.
func (noTemplate) Want(context.Context) (reconcile.State, error) { return nil, nil }

// Have is nothing.
func (noTemplate) Have(context.Context) (reconcile.State, error) { return nil, nil }

// Apply has nothing to do.
func (noTemplate) Apply(context.Context, reconcile.Change) error { return nil }

// Notes tells how many there are.
func (n noTemplate) Notes(context.Context) ([]reconcile.Note, error) {
	return []reconcile.Note{{Code: "expiry_nowhere", Text: fmt.Sprintf("%s no global SIP template: the SIP expiry of the phones there is not kept.", has(n.tenants, "tenant"))}}, nil
}
