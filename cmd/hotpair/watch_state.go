package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources/host"
)

// Where the daemon says how it is, and remembers what it healed.
const (
	watchPath = "/run/hotpair/watch.json"
	healsPath = "/run/hotpair/heals.json"
)

// watchState is how the daemon stands. It changes only when something does.
type watchState struct {
	Since       time.Time `json:"since"`
	Role        string    `json:"role,omitempty"`
	Mode        string    `json:"mode,omitempty"`
	Waits       string    `json:"waits,omitempty"`    // what waits for which command
	Problem     string    `json:"problem,omitempty"`  // of ha.hcl; the last good one is in force, where a role is
	Lost        string    `json:"lost,omitempty"`     // why what was in force cannot be used
	Failure     string    `json:"failure,omitempty"`  // of the last pass
	Endpoint    string    `json:"endpoint,omitempty"` // why nobody can ask whether this node serves
	Fought      []string  `json:"fought,omitempty"`   // what is left to somebody else
	Owed        []string  `json:"owed,omitempty"`     // what waits for consent
	Differences int       `json:"differences"`

	files []string
}

// see takes over what a plan found.
func (s *watchState) see(n *node, p reconcile.Plan) {
	s.Differences = len(p.Steps)
	for _, step := range p.Steps {
		if step.Held != "" {
			s.Fought = append(s.Fought, step.Drifting...)
		}
	}
	for _, a := range p.Actions {
		if a.Standing == reconcile.Waiting && a.Owed {
			s.Owed = append(s.Owed, fmt.Sprintf("%s (--allow %s)", a.Name, a.Consent))
		}
	}
}

// tell logs what is new, once, and stores the state where others read it.
func (w *watching) tell(ctx context.Context, next watchState) {
	last, first := w.state, w.state.Since.IsZero()
	if first {
		next.Since = time.Now().UTC().Truncate(time.Second)
	}
	next.files = last.files
	log := w.app.log
	for _, part := range []struct {
		was, is, bad, well string
		level              slog.Level
	}{
		{last.Lost, next.Lost, "what was in force cannot be read any more", "what is in force can be read again", slog.LevelError},
		{last.Problem, next.Problem, next.instead(), "ha.hcl can be used again", slog.LevelError},
		{last.Waits, next.Waits, "a change waits for consent", "nothing waits any more", slog.LevelWarn},
		{last.Failure, next.Failure, "the node is not as it should be", "the node is as it should be again", slog.LevelWarn},
		{last.Endpoint, next.Endpoint, "nobody can ask whether this node serves", "it can be asked again whether this node serves", slog.LevelError},
		{strings.Join(last.Fought, ", "), strings.Join(next.Fought, ", "), "somebody else keeps changing this; it is left alone", "nothing is fought over any more", slog.LevelError},
		{strings.Join(last.Owed, ", "), strings.Join(next.Owed, ", "), "an action waits for consent", "no action waits any more", slog.LevelInfo},
	} {
		switch {
		case part.is == part.was:
		case part.is == "":
			log.Info(part.well)
		default:
			log.Log(ctx, part.level, part.bad, "what", part.is)
		}
	}
	w.state = next
	if first {
		w.began(next)
		w.isReady()
	}
	if err := store(w.host, watchPath, next); err != nil {
		log.Warn("the state is not stored", "error", err)
	}
	notify("STATUS=" + next.line())
}

// began logs what the daemon starts with.
func (w *watching) began(s watchState) {
	switch log := w.app.log; {
	case s.Role != "":
		log.Info("watching", "role", s.Role, "mode", s.Mode)
	case s.Waits != "":
		log.Info("watching") // what waits has been told
	default:
		log.Info("waiting for ha.hcl")
	}
}

// well tells whether nothing was amiss at the last look.
func (s watchState) well() bool {
	return s.Lost+s.Problem+s.Failure == "" && s.Differences == 0
}

// instead says what is done while ha.hcl cannot be used.
func (s watchState) instead() string {
	if s.Role == "" {
		return "ha.hcl cannot be used, and no earlier one is in force: nothing is touched"
	}
	return "ha.hcl cannot be used; the last good one stays in force"
}

// String is the state for a person.
func (s *watchState) String() string {
	if s == nil {
		return "does not run"
	}
	return s.line() + ", since " + clock(s.Since)
}

// line is the state in a line, for systemctl status.
func (s watchState) line() string {
	parts := []string{"no ha.hcl is in force"}
	if s.Role != "" {
		parts = []string{s.Role + ", " + s.Mode}
	}
	for _, part := range []string{s.Lost, s.Problem, s.Waits, s.Failure, s.Endpoint} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(s.Fought) > 0 {
		parts = append(parts, "left alone: "+strings.Join(s.Fought, ", "))
	}
	return host.OneLine(strings.Join(parts, "; "))
}

// store writes a file of the daemon's where its content changes.
func store(h *host.Host, path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if old, err := h.Read(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return h.Write(path, text, 0o644)
}

// recall reads what an earlier daemon healed; one that rebooted forgets.
func (w *watching) recall() {
	text, err := w.host.Read(healsPath)
	if err == nil {
		err = json.Unmarshal(text, &w.heals)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.app.log.Warn("what was healed before is not known", "error", err)
	}
	if w.heals == nil || err != nil {
		w.heals = loop.Heals{}
	}
}

func (w *watching) remember() error { return store(w.host, healsPath, w.heals) }

// watchedAs reads how the daemon stands; nil: none runs.
func watchedAs(h *host.Host) *watchState {
	holder, err := h.Held(watchLock)
	if err != nil || holder == nil {
		return nil
	}
	text, err := h.Read(watchPath)
	if err != nil {
		return nil
	}
	var s watchState
	if json.Unmarshal(text, &s) != nil {
		return nil
	}
	return &s
}
