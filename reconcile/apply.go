package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrStale is returned when a thing moved between the plan and its change.
var ErrStale = errors.New("it changed since the plan was made")

// ErrUnsettled is returned when a thing is not as wanted after its change.
var ErrUnsettled = errors.New("it is not as wanted after the change")

// Progress is what happens while a plan is carried out: a step or an action
// that begins (Done false) or ended (Done true, perhaps with an error).
type Progress struct {
	Step   *Step
	Action *Action
	Done   bool
	Err    error
	Left   string // of an action: what it could not do and nobody will try again
}

// Outcome says how far an apply came.
type Outcome struct {
	Done    []Step
	Failed  []Step // where it stopped, or what it went on without
	Touched bool   // a step or a follow-up that failed had begun to act
	Undone  []Step
	Ran     []string // follow-ups
	Pending []string // follow-ups that are still owed and need no consent
	Waiting []Action

	begun map[string]bool // the names of things that were changed, perhaps
}

// Changed tells whether anything was done.
func (o Outcome) Changed() bool { return len(o.Done)+len(o.Ran) > 0 || o.Touched }

// began tells whether any of these things was changed.
func (o Outcome) began(things []string) bool {
	return slices.ContainsFunc(things, func(id string) bool { return o.begun[id] })
}

// Apply carries a plan out, exactly as shown. It stops at the first error, or
// with KeepGoing goes on without what failed; the outcome then says what was
// done and what was not. Cancelling the context stops it between two steps or
// follow-ups, never within one that is not Interruptible.
func (e *Engine) Apply(ctx context.Context, p Plan) (Outcome, error) {
	due := p.due()
	o := Outcome{Undone: due, Pending: names(p.Actions, Due), Waiting: standing(p.Actions, Waiting), begun: map[string]bool{}}
	before := maps.Clone(e.Ledger.Owed)
	if err := e.enter(p, due); err != nil {
		return o, err
	}
	work, record := e.split(due)
	err := e.carry(ctx, work, &o)
	if err == nil || e.KeepGoing && ctx.Err() == nil {
		err = errors.Join(err, e.follow(ctx, p.Actions, before, &o))
	}
	if err == nil && (e.Dismantling || p.whole()) {
		err = e.carry(ctx, record, &o)
	}
	if err != nil {
		e.release(before, p.Actions, &o)
	} else {
		maps.DeleteFunc(e.Ledger.Owed, func(name string, _ Debt) bool { return e.followUp(name).Moot })
	}
	return o, errors.Join(err, e.Ledger.Save())
}

// split parts the record of what has been achieved from the rest, unless it is
// to speak first.
func (e *Engine) split(steps []Step) (work, record []Step) {
	at := slices.IndexFunc(steps, func(s Step) bool { return s.Record })
	if at < 0 || e.Dismantling {
		return steps, nil
	}
	return steps[:at], steps[at:]
}

// carry carries steps out, one by one.
func (e *Engine) carry(ctx context.Context, steps []Step, o *Outcome) error {
	var errs []error
	for _, s := range steps {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(errs, err)...)
		}
		o.Undone = o.Undone[1:]
		touched, err := e.carryOne(ctx, s)
		o.begun[s.ID.String()] = touched
		if err == nil {
			o.Done = append(o.Done, s)
			continue
		}
		o.Failed, o.Touched = append(o.Failed, s), o.Touched || touched
		if errs = append(errs, err); !e.KeepGoing {
			break
		}
	}
	return errors.Join(errs...)
}

// release takes back what was entered as owed for changes that never began.
func (e *Engine) release(before map[string]Debt, actions []Action, o *Outcome) {
	for _, a := range actions {
		_, owed := before[a.Name]
		if !owed && !o.began(a.For) {
			delete(e.Ledger.Owed, a.Name)
		}
	}
	o.Pending = slices.DeleteFunc(o.Pending, func(name string) bool { _, owed := e.Ledger.Owed[name]; return !owed })
}

// enter records, before anything is changed, how each thing was found, what is
// in order already, and what will be owed.
func (e *Engine) enter(p Plan, due []Step) error {
	now := e.Now().UTC()
	if e.Ledger.Found == nil {
		found := e.Found
		found.At = now
		e.Ledger.Found = &found
	}
	if err := e.meet(p.looked); err != nil {
		return err
	}
	for _, c := range p.looked {
		if c.Verb() != None {
			continue
		}
		e.Ledger.settle(c, now, false)
		if err := e.Ledger.end(c.ID); err != nil {
			return err
		}
	}
	for _, s := range due {
		if err := e.keep(s); err != nil {
			return err
		}
	}
	e.Ledger.owe(p.Actions, now)
	return e.Ledger.Save()
}

// keep remembers what a change will overwrite: files, and what its kind wants.
func (e *Engine) keep(s Step) error {
	d, err := e.declared(s.ID)
	if err != nil {
		return err
	}
	if err := e.Ledger.begin(d); err != nil {
		return d.wrap(err)
	}
	if k, can := d.Resource.(Keeper); can {
		e.Ledger.Things[s.ID.String()].keep(k.Keep(s.Change))
	}
	return nil
}

// meet records how each thing was found that the ledger has not met before.
func (e *Engine) meet(looked []Change) error {
	for _, c := range looked {
		if _, met := e.Ledger.Things[c.ID.String()]; met {
			continue
		}
		original, err := e.original(c.ID)
		if err != nil {
			return err
		}
		e.Ledger.Things[c.ID.String()] = &Thing{First: Seal(c.Have, e.Ledger.Salt), Original: original}
	}
	return nil
}

func (e *Engine) original(id ID) (map[string]string, error) {
	d, err := e.declared(id)
	if err != nil {
		return nil, err
	}
	r, can := d.Resource.(Rememberer)
	if !can {
		return nil, nil
	}
	original, err := r.Original()
	return original, d.wrap(err)
}

// carryOne carries one change out; touched tells whether it began to.
func (e *Engine) carryOne(ctx context.Context, s Step) (touched bool, err error) {
	e.report(Progress{Step: &s})
	defer func() { e.report(Progress{Step: &s, Done: true, Err: err}) }()
	d, err := e.declared(s.ID)
	if err != nil {
		return false, err
	}
	shielded := context.WithoutCancel(ctx)
	now, err := look(shielded, d)
	if err != nil {
		return false, err
	}
	if !now.Have.Equal(s.Have) || !now.without(s.apart).Want.Equal(s.Want) {
		return false, d.wrap(ErrStale)
	}
	if _, may := d.Resource.(Interruptible); !may {
		ctx = shielded
	}
	if err := d.Resource.Apply(ctx, s.Change); err != nil {
		after, lookErr := d.Resource.Have(shielded)
		return lookErr != nil || !after.Equal(s.Have), d.wrap(err)
	}
	after, err := look(shielded, d)
	if err != nil {
		return true, err
	}
	if left := s.left(after); len(left) > 0 {
		return true, d.wrap(fmt.Errorf("%w: %s", ErrUnsettled, strings.Join(left, ", ")))
	}
	e.Ledger.settle(now, e.Now().UTC(), true)
	if err := e.Ledger.end(d.ID); err != nil {
		return true, d.wrap(err)
	}
	if k, can := d.Resource.(Keeper); can {
		e.Ledger.Things[s.ID.String()].forget(k.Forget(s.Change))
	}
	return true, nil
}

// left names the attributes of a change that are not as wanted after it. What
// else moved meanwhile, such as a phone that somebody added, is for the next
// plan.
func (c Change) left(after Change) []string {
	var left []string
	for _, a := range after.Attributes() {
		if slices.ContainsFunc(c.Attributes(), func(changed Attribute) bool { return changed.Name == a.Name }) {
			left = append(left, a.Name)
		}
	}
	return left
}

// follow runs what is due and strikes it, one by one; what was to follow a
// change that never began is not due any more.
func (e *Engine) follow(ctx context.Context, actions []Action, before map[string]Debt, o *Outcome) error {
	var errs []error
	for _, a := range standing(actions, Due) {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(errs, err)...)
		}
		if _, owed := before[a.Name]; !owed && !o.began(a.For) {
			continue
		}
		if err := e.followOne(ctx, a, o); err != nil {
			if errs = append(errs, err); !e.KeepGoing {
				break
			}
		}
	}
	return errors.Join(errs...)
}

func (e *Engine) followOne(ctx context.Context, a Action, o *Outcome) error {
	err := e.run(ctx, a)
	switch {
	case errors.Is(err, ErrUnfinished):
		return nil
	case err != nil:
		o.Touched = true
		return err
	}
	o.Ran = append(o.Ran, a.Name)
	o.Pending = slices.DeleteFunc(o.Pending, func(name string) bool { return name == a.Name })
	return e.strike(a.Name)
}

func (e *Engine) run(ctx context.Context, a Action) error {
	f := e.followUp(a.Name)
	if !f.Interruptible {
		ctx = context.WithoutCancel(ctx)
	}
	e.report(Progress{Action: &a})
	err := f.Run(ctx)
	if err != nil {
		err = fmt.Errorf("%s: %w", a.Name, err)
	}
	end := Progress{Action: &a, Done: true, Err: err}
	if f.Left != nil {
		end.Left = f.Left()
	}
	e.report(end)
	return err
}

// strike removes a follow-up that succeeded, and what it covered, from what is
// owed.
func (e *Engine) strike(name string) error {
	delete(e.Ledger.Owed, name)
	for _, covered := range e.followUp(name).Covers {
		delete(e.Ledger.Owed, covered)
	}
	return e.Ledger.Save()
}

func (e *Engine) declared(id ID) (Declared, error) {
	for _, d := range e.Declared {
		if d.ID == id {
			return d, nil
		}
	}
	return Declared{}, fmt.Errorf("%s is in the plan and not declared", id)
}

func (e *Engine) report(p Progress) {
	if e.Progress != nil {
		e.Progress(p)
	}
}

func standing(actions []Action, s Standing) []Action {
	return slices.DeleteFunc(slices.Clone(actions), func(a Action) bool { return a.Standing != s })
}

func names(actions []Action, s Standing) []string {
	var list []string
	for _, a := range standing(actions, s) {
		list = append(list, a.Name)
	}
	return list
}
