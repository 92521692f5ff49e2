package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrUnfinished is returned by a follow-up that did what can be done now. It
// stays owed, so that a later run does the rest, and that is no failure.
var ErrUnfinished = errors.New("the rest is left for later")

// A FollowUp is work due once after the changes that ask for it.
type FollowUp struct {
	Name    string   // "restart postgresql"
	Effect  string   // what it does to calls, for the plan
	Consent string   // the word for --allow; empty: no consent is needed
	Covers  []string // follow-ups that a run of this one makes needless
	Rank    int      // a lower rank runs first
	Moot    bool     // it makes no sense on this node any more: what is owed of it is dropped
	// Interruptible: Run remembers what it has done, and may be stopped within.
	Interruptible bool
	Run           func(ctx context.Context) error
	// Left tells in a sentence what the last Run could not do and nobody will try
	// again; nil, or "": nothing.
	Left  func() string
	Ready func(ctx context.Context) error // tells before anything is done why it could not run; nil: always ready
}

// Standing says what becomes of a follow-up in this plan.
type Standing string

// The standings of an action.
const (
	Due     Standing = "due"     // runs after the changes
	Waiting Standing = "waiting" // owed until consent is given
	Covered Standing = "covered" // another action does it too
	Unknown Standing = "unknown" // owed by a version of hotpair that knew it
)

// Action is a follow-up as a plan shows it.
type Action struct {
	Name     string   `json:"name"`
	Effect   string   `json:"effect"`
	Consent  string   `json:"consent,omitempty"`
	Standing Standing `json:"standing"`
	For      []string `json:"for"` // the things whose changes ask for it
	Owed     bool     `json:"owed,omitempty"`
}

// actions derives what is due from what the steps ask for and what an earlier
// run still owes.
func (e *Engine) actions(steps []Step) ([]Action, error) {
	asked, err := e.asked(steps)
	if err != nil {
		return nil, err
	}
	var list []Action
	for _, f := range e.sortedFollowUps() {
		if things, is := asked[f.Name]; is {
			_, owed := e.Ledger.Owed[f.Name]
			list = append(list, Action{Name: f.Name, Effect: f.Effect, Consent: f.Consent, Standing: e.standing(f), For: things, Owed: owed})
			delete(asked, f.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		list = append(list, Action{Name: name, Effect: "this version of hotpair does not know it", Standing: Unknown, For: asked[name], Owed: true})
	}
	return e.cover(list), nil
}

// asked lists the follow-ups that are wanted, each with the things that want it.
func (e *Engine) asked(steps []Step) (map[string][]string, error) {
	asked := map[string][]string{}
	for name, debt := range e.Ledger.Owed {
		if e.followUp(name).Moot {
			continue
		}
		asked[name] = slices.Clone(debt.For)
	}
	for _, s := range steps {
		for _, name := range s.Asks {
			if e.followUp(name).Name == "" {
				return nil, fmt.Errorf("%s: nobody knows its follow-up %q", s.ID, name)
			}
			asked[name] = append(asked[name], s.ID.String())
		}
	}
	for name, things := range asked {
		slices.Sort(things)
		asked[name] = slices.Compact(things)
	}
	return asked, nil
}

func (e *Engine) standing(f FollowUp) Standing {
	if f.Consent != "" && !slices.Contains(e.Consent, f.Consent) {
		return Waiting
	}
	return Due
}

// cover marks what a due action does as well.
func (e *Engine) cover(list []Action) []Action {
	for _, a := range list {
		if a.Standing != Due {
			continue
		}
		for i := range list {
			if slices.Contains(e.followUp(a.Name).Covers, list[i].Name) {
				list[i].Standing = Covered
			}
		}
	}
	return list
}

func (e *Engine) followUp(name string) FollowUp {
	for _, f := range e.FollowUps {
		if f.Name == name {
			return f
		}
	}
	return FollowUp{}
}

func (e *Engine) sortedFollowUps() []FollowUp {
	return slices.SortedStableFunc(slices.Values(e.FollowUps), func(a, b FollowUp) int { return cmp.Compare(a.Rank, b.Rank) })
}
