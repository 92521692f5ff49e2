package status

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
)

// Where the daemon says how it is, and the lock that it holds for its life.
const (
	WatchPath = "/run/hotpair/watch.json"
	WatchLock = "/run/hotpair/watch.lock"
)

// Watch is how the daemon stands. It changes only when something does.
type Watch struct {
	Since       time.Time `json:"since"`
	Role        string    `json:"role,omitempty"`
	Mode        string    `json:"mode,omitempty"`
	Waits       string    `json:"waits,omitempty"`   // what waits for which command
	Problem     string    `json:"problem,omitempty"` // of ha.hcl; the last good one is in force, where a role is
	Lost        string    `json:"lost,omitempty"`    // why what was in force cannot be used
	Failure     string    `json:"failure,omitempty"` // of the last pass
	Unheard     []string  `json:"unheard,omitempty"` // why nobody can ask at the endpoint, the metrics or the dashboard
	Fought      []string  `json:"fought,omitempty"`  // what is left to somebody else
	Owed        []string  `json:"owed,omitempty"`    // what waits for consent
	Differences int       `json:"differences"`
}

// See takes over what a plan found.
func (w *Watch) See(p reconcile.Plan) {
	w.Differences = len(p.Steps)
	for _, step := range p.Steps {
		if step.Held != "" {
			w.Fought = append(w.Fought, step.Drifting...)
		}
	}
	for _, a := range p.Actions {
		if a.Standing == reconcile.Waiting && a.Owed {
			w.Owed = append(w.Owed, fmt.Sprintf("%s (--allow %s)", a.Name, a.Consent))
		}
	}
}

// Well tells whether nothing was amiss at the last look.
func (w Watch) Well() bool {
	return w.Lost+w.Problem+w.Failure == "" && w.Differences == 0
}

// Instead says what is done while ha.hcl cannot be used.
func (w Watch) Instead() string {
	if w.Role == "" {
		return "ha.hcl cannot be used, and no earlier one is in force: nothing is touched"
	}
	return "ha.hcl cannot be used; the last good one stays in force"
}

// Line is the state in a line, for systemctl status.
func (w Watch) Line() string {
	parts := []string{"no ha.hcl is in force"}
	if w.Role != "" {
		parts = []string{w.Role + ", " + w.Mode}
	}
	for _, part := range append([]string{w.Lost, w.Problem, w.Waits, w.Failure}, w.Unheard...) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(w.Fought) > 0 {
		parts = append(parts, "left alone: "+strings.Join(w.Fought, ", "))
	}
	return host.OneLine(strings.Join(parts, "; "))
}

// Watched reads how the daemon stands; nil: none runs.
func Watched(h *host.Host) *Watch {
	holder, err := h.Held(WatchLock)
	if err != nil || holder == nil {
		return nil
	}
	text, err := h.Read(WatchPath)
	if err != nil {
		return nil
	}
	var w Watch
	if json.Unmarshal(text, &w) != nil {
		return nil
	}
	return &w
}
