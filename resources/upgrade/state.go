package upgrade

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

// statePath is where the master keeps an upgrade that is under way.
const statePath = "/var/lib/hotpair/upgrade.json"

// State is how far an upgrade is. The zero State is that of none.
type State struct {
	Before Releases             `json:"before"` // when it was begun
	Done   map[string]time.Time `json:"done"`   // when each step's check held
}

// Releases are those of both nodes; nil: not seen, or there is no database.
type Releases struct {
	Master  rows.Versions `json:"master,omitempty"`
	Standby rows.Versions `json:"standby,omitempty"`
}

// UnderWay tells whether an upgrade was begun.
func (s State) UnderWay() bool { return len(s.Done) > 0 }

// Note tells of an upgrade that is under way; "": none is.
func (s State) Note() string {
	present := s.Present(Steps(""))
	if !s.UnderWay() || present == nil {
		return ""
	}
	return fmt.Sprintf("An upgrade of this pair is under way since %s; its next step is %q. `hotpair upgrade-guide` goes on.", s.Done[Pause].Local().Format("2006-01-02 15:04"), present.Title)
}

// Recall reads how far the upgrade is that is under way, if any.
func Recall(h *host.Host) (s State, err error) {
	text, err := h.Read(statePath)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return State{}, fmt.Errorf("reading how far the upgrade is, %s: %w: `hotpair upgrade-guide --abandon` removes it", statePath, err)
	}
	return s, nil
}

// Present is the step that comes next; nil: all are done.
func (s State) Present(steps []Step) *Step {
	for i := range steps {
		if _, done := s.Done[steps[i].Name]; !done {
			return &steps[i]
		}
	}
	return nil
}

// Settle keeps how far it is, where it was begun; with all steps done there is
// nothing to keep.
func (s State) Settle(h *host.Host, places []Place) error {
	switch {
	case Present(places) == nil:
		_, err := Forget(h)
		return err
	case s.UnderWay():
		return h.Store(statePath, s, 0o600)
	}
	return nil
}

// Forget ends it, and tells whether there was one.
func Forget(h *host.Host) (was bool, err error) {
	if was, err = h.Exists(statePath); err != nil || !was {
		return false, err
	}
	return true, h.Remove(statePath)
}
