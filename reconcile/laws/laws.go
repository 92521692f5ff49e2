// Package laws is the one conformance suite that every kind of resource runs.
//
// The laws: planning changes nothing; applying settles; twice is once; drift is
// seen and cured; a stale plan is refused; disabling leaves the node as it was
// without high availability; a resource that lies is caught; no way of printing
// shows a secret.
package laws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
)

// Subject is a kind of resource in a world of its own.
type Subject struct {
	Root *disk.Root // where the ledger is
	// Roles are those in which the kind has something to keep; Without is the
	// one in which it has nothing.
	Roles   []string
	Without string
	// Declare declares the kind afresh, as the next process would.
	Declare func(role string, l *reconcile.Ledger) ([]reconcile.Declared, error)
	// FollowUps may be asked for; none of them may be run by a test of a law.
	FollowUps []reconcile.FollowUp
	// World shows everything that the kind could touch, with what tells a
	// rewritten thing from an untouched one; Content leaves the latter out.
	World, Content func() string
	// Disturb changes, in one of Roles, something that the kind keeps.
	Disturb func(role string) error
	// Observed: what somebody does is reported and not undone.
	Observed bool
	Secrets  []string
}

// Check runs every law; fresh makes a new world.
func Check(t *testing.T, fresh func(t *testing.T) Subject) {
	for name, law := range map[string]func(*testing.T, Subject, string){
		"planning changes nothing": planningChangesNothing,
		"applying settles":         applyingSettles,
		"twice is once":            twiceIsOnce,
		"drift is seen and cured":  driftIsCured,
		"a stale plan is refused":  staleIsRefused,
		"disabling takes it away":  disablingTakesAway,
		"a liar is caught":         liarIsCaught,
		"no secret is printed":     noSecretIsPrinted,
	} {
		t.Run(name, func(t *testing.T) {
			for _, role := range fresh(t).Roles {
				t.Run(role, func(t *testing.T) { law(t, fresh(t), role) })
			}
		})
	}
}

func planningChangesNothing(t *testing.T, s Subject, role string) {
	before := s.World()
	s.plan(t, role)
	same(t, "planning", before, s.World())
}

func applyingSettles(t *testing.T, s Subject, role string) {
	for _, other := range append(s.Roles, s.Without) {
		s.apply(t, other)
		if len(s.apply(t, role).Steps) == 0 && other != role {
			t.Errorf("from %s to %s nothing was to do", other, role)
		}
		before := s.World()
		if p := s.apply(t, role); len(p.Steps) != 0 {
			t.Errorf("after %s the next plan finds %v", role, p.Steps)
		}
		same(t, "an apply with nothing to do", before, s.World())
	}
}

func twiceIsOnce(t *testing.T, s Subject, role string) {
	p, e := s.plan(t, role)
	for _, step := range p.Steps {
		d := declared(t, e, step.ID)
		var once string
		for i := range 2 {
			if err := d.Resource.Apply(t.Context(), step.Change); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				once = s.Content()
			}
		}
		same(t, "acting twice", once, s.Content())
		if have, err := d.Resource.Have(t.Context()); err != nil || !have.Equal(step.Want) {
			t.Errorf("%s is %v after acting twice, wanted %v (%v)", step.ID, have, step.Want, err)
		}
	}
}

func driftIsCured(t *testing.T, s Subject, role string) {
	if s.Observed {
		t.Skip("what somebody does is reported")
	}
	s.apply(t, role)
	settled := s.Content()
	s.disturb(t, role)
	p := s.apply(t, role)
	if len(p.Steps) == 0 || len(p.Steps[0].Drifted) == 0 {
		t.Errorf("the drift was not seen: %v", p.Steps)
	}
	same(t, "curing", settled, s.Content())
}

func staleIsRefused(t *testing.T, s Subject, role string) {
	p, e := s.plan(t, role)
	s.apply(t, role)
	s.disturb(t, role)
	before := s.World()
	if _, err := e.Apply(t.Context(), p); !errors.Is(err, reconcile.ErrStale) {
		t.Errorf("a stale plan: %v", err)
	}
	same(t, "refusing", before, s.World())
}

func disablingTakesAway(t *testing.T, s Subject, role string) {
	before := s.Content()
	s.apply(t, role)
	s.apply(t, s.Without)
	same(t, "disabling", before, s.Content())
}

// liar does not act.
type liar struct{ reconcile.Resource }

func (liar) Apply(context.Context, reconcile.Change) error { return nil }

func liarIsCaught(t *testing.T, s Subject, role string) {
	p, e := s.plan(t, role)
	for i, d := range e.Declared {
		e.Declared[i].Resource = liar{d.Resource}
	}
	if _, err := e.Apply(t.Context(), p); !errors.Is(err, reconcile.ErrUnsettled) {
		t.Errorf("a liar: %v", err)
	}
}

func noSecretIsPrinted(t *testing.T, s Subject, role string) {
	p, e := s.plan(t, role)
	text, err := json.Marshal(p.Steps)
	if err != nil {
		t.Fatal(err)
	}
	printed := string(text) + fmt.Sprintf("%v %+v %#v %v %+v %#v", p, p, p, e.Declared, e.Declared, e.Declared)
	for _, secret := range s.Secrets {
		if strings.Contains(printed, secret) {
			t.Errorf("%q is printed", secret)
		}
	}
}

func (s Subject) plan(t *testing.T, role string) (reconcile.Plan, *reconcile.Engine) {
	t.Helper()
	l, err := reconcile.OpenLedger(s.Root)
	if err != nil {
		t.Fatal(err)
	}
	declared, err := s.Declare(role, l)
	if err != nil {
		t.Fatal(err)
	}
	e := &reconcile.Engine{Declared: declared, Ledger: l, Now: time.Now, Dismantling: role == s.Without, Found: reconcile.Found{Role: s.Without}}
	for _, f := range s.FollowUps {
		f.Consent = "no test of a law runs a follow-up"
		e.FollowUps = append(e.FollowUps, f)
	}
	p, err := e.Plan(t.Context())
	if err := errors.Join(err, p.Err()); err != nil {
		t.Fatal(err)
	}
	return p, e
}

func (s Subject) apply(t *testing.T, role string) reconcile.Plan {
	t.Helper()
	p, e := s.plan(t, role)
	if _, err := e.Apply(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (s Subject) disturb(t *testing.T, role string) {
	t.Helper()
	if err := s.Disturb(role); err != nil {
		t.Fatal(err)
	}
}

func declared(t *testing.T, e *reconcile.Engine, id reconcile.ID) reconcile.Declared {
	t.Helper()
	for _, d := range e.Declared {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("%s is not declared", id)
	return reconcile.Declared{}
}

func same(t *testing.T, act, before, after string) {
	t.Helper()
	if before != after {
		t.Errorf("%s changed the world from\n%s\nto\n%s", act, before, after)
	}
}
