package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// ID names a thing: a kind and, where a kind has several, a name.
type ID struct{ Kind, Name string }

func (id ID) String() string {
	if id.Name == "" {
		return id.Kind
	}
	return id.Kind + "." + id.Name
}

// A Resource is one declared thing: a file, a row, an API object, a set of
// services. Its fields are its declaration. Its methods look and act; they
// never decide.
type Resource interface {
	// Want is what was declared; nil: must be absent.
	Want(ctx context.Context) (State, error)
	// Have is what there is; nil: is absent.
	Have(ctx context.Context) (State, error)
	// Apply makes Have equal to c.Want. It is atomic or idempotent. The engine
	// has just looked, and will look again.
	Apply(ctx context.Context, c Change) error
}

// An Asker is a Resource whose changes ask for follow-ups, by name.
type Asker interface {
	Asks(c Change) []string
}

// A Preflighter is a Resource that can tell before anything is done that a
// change could not be carried out: a command that is not there, a directory
// that everybody can write.
type Preflighter interface {
	Preflight(ctx context.Context, c Change) error
}

// A Rememberer is a Resource whose State says less than what it replaces, such
// as the wording of a file. What it gives is kept in the ledger at the first
// apply, under names of its own.
type Rememberer interface {
	Original() (map[string]string, error)
}

// A Keeper is a Resource of many things that come and go.
type Keeper interface {
	// Keep is what a change will overwrite and the ledger is to remember, each
	// name once: the first value stays.
	Keep(c Change) map[string]string
	// Forget names what need not be remembered once the change is made.
	Forget(c Change) []string
}

// A Ranker is a Resource whose place in the order depends on the change: a
// service is started before what needs it, and stopped after. A negative rank
// stands next to the record.
type Ranker interface {
	Rank(c Change) int
}

// A Summarizer is a Resource of many attributes that can say a change in a few
// lines, each "attribute: what happens".
type Summarizer interface {
	Summary(c Change) []string
}

// An Interruptible Resource may be stopped within a change: what is done stays
// done, and the next run does the rest.
type Interruptible interface {
	Interruptible()
}

// A Noter is a Resource that reports what it will not change.
type Noter interface {
	Notes(ctx context.Context) ([]Note, error)
}

// A Note is reported and never acted upon.
type Note struct {
	Code string // stable, for machines: "paused"
	Text string // a sentence for a person
	Mend string // the command or the edit that mends it; "": Text says what there is to say
}

// Declared is a Resource with its name, where it was declared, and its place
// in the order: a higher rank is created later and removed earlier.
type Declared struct {
	ID       ID
	Resource Resource
	Origin   string // ha.hcl:14:3
	Rank     int
	// Record: it is where others read what has been achieved. It is written after
	// everything else and every follow-up that is due; towards a node without high
	// availability, before.
	Record bool
}

// Verb says what a change does to a thing.
type Verb string

// The verbs of a change.
const (
	None   Verb = ""
	Create Verb = "create"
	Update Verb = "update"
	Remove Verb = "remove"
)

// Change is a thing as it is and as it should be. Verb and attributes are
// derived from both, so that they cannot disagree.
type Change struct {
	ID         ID
	Have, Want State
}

// Verb derives what the change does.
func (c Change) Verb() Verb {
	switch {
	case c.Have.Equal(c.Want):
		return None
	case c.Have.Absent():
		return Create
	case c.Want.Absent():
		return Remove
	}
	return Update
}

// Attribute is one attribute that a change touches; nil means absent.
type Attribute struct {
	Name       string
	Have, Want *Value
}

// Transition shows how it changes, for people.
func (a Attribute) Transition() string {
	switch {
	case a.Have == nil:
		return fmt.Sprintf("%q", *a.Want)
	case a.Want == nil:
		return fmt.Sprintf("%q → gone", *a.Have)
	}
	return fmt.Sprintf("%q → %q", *a.Have, *a.Want)
}

// Attributes lists what differs, by name.
func (c Change) Attributes() []Attribute {
	var list []Attribute
	for name, have := range c.Have {
		want, wanted := c.Want[name]
		switch {
		case !wanted:
			list = append(list, Attribute{Name: name, Have: &have})
		case want != have:
			list = append(list, Attribute{Name: name, Have: &have, Want: &want})
		}
	}
	for name, want := range c.Want {
		if _, had := c.Have[name]; !had {
			list = append(list, Attribute{Name: name, Want: &want})
		}
	}
	slices.SortFunc(list, func(a, b Attribute) int { return cmp.Compare(a.Name, b.Name) })
	return list
}
