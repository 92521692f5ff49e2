package upgrade

import (
	"maps"
	"time"
)

// Finding is what the check of a step came to.
type Finding struct {
	Holds bool   `json:"holds"`
	Says  string `json:"says"`         // what is seen
	Do    string `json:"do,omitempty"` // what to do; "": nothing, it holds
}

// Place is a step and where it stands.
type Place struct {
	Step
	Stands  Standing  `json:"stands"`
	At      time.Time `json:"at,omitzero"`       // done
	Finding *Finding  `json:"finding,omitempty"` // of the present one, and of those that were left just now
}

// Standing is where a step stands.
type Standing string

// The standings of a step.
const (
	Done   Standing = "done"
	Now    Standing = "now"
	ToCome Standing = "to_come"
)

// Advance leaves every step whose check holds behind, from the present one on. It
// gives what is to be kept, and where each step stands; with all of them done the
// upgrade is over. Equal arguments give equal answers.
func Advance(was State, steps []Step, sight Sight) (State, []Place) {
	s := State{Before: was.Before, Done: maps.Clone(was.Done)}
	if s.Done == nil {
		s.Done = map[string]time.Time{}
	}
	places := make([]Place, len(steps))
	present := false
	for i, step := range steps {
		at, done := s.Done[step.Name]
		places[i] = Place{Step: step, Stands: ToCome}
		switch {
		case done:
			places[i].Stands, places[i].At = Done, at
		case !present:
			found := s.check(step.Name, sight)
			sight.Confirmed = false // it was meant for this step alone
			places[i].Finding = &found
			if present = !found.Holds; present {
				places[i].Stands = Now
				continue
			}
			if !s.UnderWay() {
				s.Before = sight.Releases
			}
			s.Done[step.Name] = sight.Now
			places[i].Stands, places[i].At = Done, sight.Now
		}
	}
	return s, places
}

// Present is the step that is to be done now; nil: all are done.
func Present(places []Place) *Place {
	for i := range places {
		if places[i].Stands == Now {
			return &places[i]
		}
	}
	return nil
}
