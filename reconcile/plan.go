package reconcile

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	// Hold says why a step of drift, or the part of one, is not carried out now;
	// nil, or "": it is.
	Hold func(Step) string
	// KeepGoing carries out what it can when a step fails.
	KeepGoing bool
	Now       func() time.Time
	Progress  func(Progress) // may be nil
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
	Summary []string  // of a change with many attributes, for people
	Held    string    // why it is not carried out now; empty: it is
	// Drifting names what drifted: the thing or, where it has many, its parts.
	Drifting []string

	apart []string // attributes that are left as they are
}

// Plan is data: what it shows is what runs.
type Plan struct {
	Steps   []Step
	Actions []Action
	Notes   []Note
	Unseen  []Unseen
	Looked  int // how many resources
	Took    time.Duration

	looked []Change
}

// Empty tells whether an apply would do nothing. What waits for consent is no
// change, nor is what is held.
func (p Plan) Empty() bool { return len(p.due()) == 0 && p.Count(Due) == 0 }

// Err is what keeps the plan from being whole; nil: nothing does.
func (p Plan) Err() error {
	var errs []error
	for _, u := range p.Unseen {
		if !u.Later() {
			errs = append(errs, u.Err)
		}
	}
	return errors.Join(errs...)
}

// due are the steps that are carried out.
func (p Plan) due() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Held != "" })
}

// whole tells whether a node that carried this plan out is as it should be.
func (p Plan) whole() bool {
	return p.Err() == nil && !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Held != "" })
}

// Count counts the actions of one standing.
func (p Plan) Count(s Standing) int { return len(standing(p.Actions, s)) }

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

// Plan looks at everything and says what differs. It changes nothing. What
// could not be looked at is in the plan's Unseen.
func (e *Engine) Plan(ctx context.Context) (Plan, error) {
	began := time.Now()
	if err := eachOnce(e.Declared); err != nil {
		return Plan{}, err
	}
	seen, unseen, err := lookAll(ctx, e.Declared)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Looked: len(seen), Unseen: unseen}
	for _, s := range seen {
		p.looked = append(p.looked, s.change)
		e.consider(ctx, s, &p)
	}
	order(p.Steps, e.Dismantling)
	e.refuseUnready(ctx, &p)
	if p.Actions, err = e.actions(p.due()); err != nil {
		return Plan{}, err
	}
	p.Took = time.Since(began)
	return p, nil
}

// consider adds to a plan what is to be done and said about one thing.
func (e *Engine) consider(ctx context.Context, s sight, p *Plan) {
	if n, can := s.Resource.(Noter); can {
		notes, err := n.Notes(ctx)
		if err != nil {
			p.Unseen = append(p.Unseen, s.unseen(s.wrap(err)))
			return
		}
		p.Notes = append(p.Notes, notes...)
	}
	if s.change.Verb() == None {
		return
	}
	if r, can := s.Resource.(Preflighter); can {
		if err := r.Preflight(ctx, s.change); err != nil {
			p.Unseen = append(p.Unseen, s.unseen(s.wrap(err)))
			return
		}
	}
	p.Steps = append(p.Steps, e.steps(s)...)
}

func (e *Engine) step(seen sight) Step {
	s := Step{Change: seen.change, Origin: seen.Origin, Rank: seen.Rank, Record: seen.Record}
	if r, can := seen.Resource.(Ranker); can {
		s.Rank = r.Rank(s.Change)
	}
	if r, can := seen.Resource.(Asker); can {
		s.Asks = r.Asks(s.Change)
	}
	if r, can := seen.Resource.(Summarizer); can {
		s.Summary = r.Summary(s.Change)
	}
	s.Drifted, s.Settled = e.Ledger.drifted(s.Change)
	for _, part := range partsOf(s.Drifted, partOf(seen.Resource)) {
		s.Drifting = append(s.Drifting, strings.TrimSuffix(s.ID.String()+" "+part, " "))
	}
	return s
}

// refuseUnready takes out of a plan the steps whose follow-ups could not be
// carried out, and names what is owed and could not be either.
func (e *Engine) refuseUnready(ctx context.Context, p *Plan) {
	for _, f := range e.FollowUps {
		_, owed := e.Ledger.Owed[f.Name]
		asks := func(s Step) bool { return slices.Contains(s.Asks, f.Name) }
		if f.Ready == nil || (!owed || f.Moot) && !slices.ContainsFunc(p.Steps, asks) {
			continue
		}
		if err := f.Ready(ctx); err != nil {
			p.Unseen = append(p.Unseen, Unseen{ID: ID{Kind: f.Name}, Err: err})
			p.Steps = slices.DeleteFunc(p.Steps, asks)
		}
	}
}
