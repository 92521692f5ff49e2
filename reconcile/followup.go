package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// A FollowUp is work due once after the changes that ask for it.
type FollowUp struct {
	Name    string   // "restart postgresql"
	Effect  string   // what it does to calls, for the plan
	Consent string   // the word for --allow; empty: no consent is needed
	Covers  []string // follow-ups that a run of this one makes needless
	Rank    int      // a lower rank runs first
	Run     func(ctx context.Context) error
	Ready   func(ctx context.Context) error // tells before anything is done why it could not run; nil: always ready
}

// Standing says what becomes of a follow-up in this plan.
type Standing string

// The standings of an action.
const (
	Due     Standing = "due"     // runs after the changes
	Waiting Standing = "waiting" // owed until consent is given
	Covered Standing = "covered" // another action does it too
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
	asked := map[string][]string{}
	for name, debt := range e.Ledger.Owed {
		asked[name] = slices.Clone(debt.For)
	}
	for _, s := range steps {
		for _, name := range s.Asks {
			if !slices.Contains(asked[name], s.ID.String()) {
				asked[name] = append(asked[name], s.ID.String())
			}
		}
	}
	var list []Action
	for _, f := range e.sortedFollowUps() {
		things, is := asked[f.Name]
		if !is {
			continue
		}
		delete(asked, f.Name)
		_, owed := e.Ledger.Owed[f.Name]
		slices.Sort(things)
		list = append(list, Action{Name: f.Name, Effect: f.Effect, Consent: f.Consent, Standing: e.standing(f), For: things, Owed: owed})
	}
	for name, things := range asked {
		return nil, fmt.Errorf("nobody knows the follow-up %q that %v asks for: was it owed by a newer version of hotpair?", name, things)
	}
	return e.cover(list), nil
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
