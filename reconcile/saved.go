package reconcile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const savedVersion = 1

// ErrMoved is returned when a saved plan is not what would be planned now.
var ErrMoved = errors.New("the saved plan is not what would be planned now")

// savedPlan is a plan as it is stored. Secrets are salted digests.
type savedPlan struct {
	Format  string      `json:"format"`
	Version int         `json:"version"`
	Subject string      `json:"subject"`
	Salt    string      `json:"salt"`
	Steps   []savedStep `json:"steps"`
	Actions []Action    `json:"actions"`
}

type savedStep struct {
	ID   string   `json:"id"`
	Have Sealed   `json:"have"`
	Want Sealed   `json:"want"`
	Asks []string `json:"asks,omitempty"`
}

const savedFormat = "hotpair plan"

// Save encodes a plan. The subject is all that it was made from, such as the
// text of ha.hcl; only its digest is stored, and a plan is refused for another.
func (p Plan) Save(subject string) ([]byte, error) {
	text, err := json.MarshalIndent(p.saved(subject, newSalt()), "", "  ")
	return append(text, '\n'), err
}

func (p Plan) saved(subject, salt string) savedPlan {
	s := savedPlan{Format: savedFormat, Version: savedVersion, Subject: digest(salt, "subject", subject), Salt: salt, Steps: []savedStep{}, Actions: []Action{}}
	for _, step := range p.Steps {
		s.Steps = append(s.Steps, savedStep{ID: step.ID.String(), Have: Seal(step.Have, salt), Want: Seal(step.Want, salt), Asks: step.Asks})
	}
	for _, a := range p.Actions {
		a.Standing, a.Owed = "", false
		s.Actions = append(s.Actions, a)
	}
	return s
}

// Matches compares a stored plan with this one, made just now. Consent is
// given at the time of the apply, so it does not count.
func (p Plan) Matches(stored []byte, subject string) error {
	then, err := decodeSaved(stored)
	if err != nil {
		return err
	}
	now := p.saved(subject, then.Salt)
	if moved := then.differences(now); len(moved) > 0 {
		return fmt.Errorf("%w: %s moved", ErrMoved, strings.Join(moved, ", "))
	}
	return nil
}

func decodeSaved(stored []byte) (savedPlan, error) {
	var s savedPlan
	d := json.NewDecoder(bytes.NewReader(stored))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil || d.More() || s.Format != savedFormat {
		return s, errors.New("this is not a plan that `hotpair plan --out` wrote")
	}
	if s.Version != savedVersion {
		return s, fmt.Errorf("a plan of version %d is not known to this hotpair", s.Version)
	}
	return s, nil
}

// differences names what is not the same in both.
func (s savedPlan) differences(other savedPlan) []string {
	if s.Subject != other.Subject {
		return []string{"ha.hcl"}
	}
	var moved []string
	mine, others := s.byName(), other.byName()
	for name, text := range mine {
		if others[name] != text {
			moved = append(moved, name)
		}
	}
	for name := range others {
		if _, is := mine[name]; !is {
			moved = append(moved, name)
		}
	}
	slices.Sort(moved)
	if moved == nil && !equalJSON(s, other) {
		return []string{"the order"}
	}
	return moved
}

func (s savedPlan) byName() map[string]string {
	m := map[string]string{}
	for _, step := range s.Steps {
		m[step.ID] = encode(step)
	}
	for _, a := range s.Actions {
		m[a.Name] = encode(a)
	}
	return m
}

func equalJSON(a, b savedPlan) bool { return encode(a) == encode(b) }

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
