package reconcile

import (
	"context"
	"errors"
	"time"
)

// Engine reconciles one node with its declaration.
type Engine struct {
	Declared  []Declared
	FollowUps []FollowUp
	Ledger    *Ledger
	Found     Found    // recorded in the ledger at the first apply
	Consent   []string // words that --allow or the configuration gave
	// Dismantling: the node is to be without high availability, so that the
	// order is reversed.
	Dismantling bool
	Now         func() time.Time
	Progress    func(Progress) // may be nil
}

// Step is a change in its place in a plan.
type Step struct {
	Change
	Origin  string
	Rank    int
	Record  bool
	Asks    []string  // follow-ups
	Drifted []string  // attributes that no edit of the declaration explains
	Settled time.Time // when those were last in order
}

// Plan is data: what it shows is what runs.
type Plan struct {
	Steps   []Step
	Actions []Action
	Notes   []Note
	Looked  int // how many resources
	Took    time.Duration

	looked []Change
}

// Empty tells whether an apply would do nothing. What waits for consent is no
// change.
func (p Plan) Empty() bool { return len(p.Steps) == 0 && p.Count(Due) == 0 }

// Count counts the actions of one standing.
func (p Plan) Count(s Standing) int {
	n := 0
	for _, a := range p.Actions {
		if a.Standing == s {
			n++
		}
	}
	return n
}

// CountVerb counts the steps of one verb.
func (p Plan) CountVerb(v Verb) int {
	n := 0
	for _, s := range p.Steps {
		if s.Verb() == v {
			n++
		}
	}
	return n
}

// Plan looks at everything and says what differs. It changes nothing.
func (e *Engine) Plan(ctx context.Context) (Plan, error) {
	began := time.Now()
	if err := eachOnce(e.Declared); err != nil {
		return Plan{}, err
	}
	looked, err := lookAll(ctx, e.Declared)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Looked: len(looked), looked: looked}
	if p.Steps, err = e.steps(ctx, looked); err != nil {
		return Plan{}, err
	}
	if p.Actions, err = e.actions(p.Steps); err != nil {
		return Plan{}, err
	}
	if err := e.ready(ctx, p.Actions); err != nil {
		return Plan{}, err
	}
	if p.Notes, err = e.notes(ctx); err != nil {
		return Plan{}, err
	}
	p.Took = time.Since(began)
	return p, nil
}

func (e *Engine) steps(ctx context.Context, looked []Change) ([]Step, error) {
	var steps []Step
	var errs []error
	for i, c := range looked {
		if c.Verb() == None {
			continue
		}
		d := e.Declared[i]
		if p, can := d.Resource.(Preflighter); can {
			errs = append(errs, d.wrap(p.Preflight(ctx, c)))
		}
		s := Step{Change: c, Origin: d.Origin, Rank: d.Rank, Record: d.Record}
		if a, asks := d.Resource.(Asker); asks {
			s.Asks = a.Asks(c)
		}
		s.Drifted, s.Settled = e.Ledger.drifted(c)
		steps = append(steps, s)
	}
	order(steps, e.Dismantling)
	return steps, errors.Join(errs...)
}

// ready refuses a plan whose follow-ups could not be carried out.
func (e *Engine) ready(ctx context.Context, actions []Action) error {
	var errs []error
	for _, a := range actions {
		if f := e.followUp(a.Name); f.Ready != nil {
			errs = append(errs, f.Ready(ctx))
		}
	}
	return errors.Join(errs...)
}

func (e *Engine) notes(ctx context.Context) ([]Note, error) {
	var notes []Note
	for _, d := range e.Declared {
		n, can := d.Resource.(Noter)
		if !can {
			continue
		}
		more, err := n.Notes(ctx)
		if err != nil {
			return nil, d.wrap(err)
		}
		notes = append(notes, more...)
	}
	return notes, nil
}
