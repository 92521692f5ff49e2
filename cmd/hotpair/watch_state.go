package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
)

// healsPath is where the daemon remembers what it healed.
const healsPath = "/run/hotpair/heals.json"

// tell logs what is new, once, and stores the state where others read it.
func (w *watching) tell(ctx context.Context, next status.Watch) {
	last, first := w.state, w.state.Since.IsZero()
	if first {
		next.Since = time.Now().UTC().Truncate(time.Second)
	}
	log := w.app.log
	for _, part := range []struct {
		was, is, bad, well string
		level              slog.Level
	}{
		{last.Lost, next.Lost, "what was in force cannot be read any more", "what is in force can be read again", slog.LevelError},
		{last.Problem, next.Problem, next.Instead(), "ha.hcl can be used again", slog.LevelError},
		{last.Waits, next.Waits, "a change waits for consent", "nothing waits any more", slog.LevelWarn},
		{last.Failure, next.Failure, "the node is not as it should be", "the node is as it should be again", slog.LevelWarn},
		{strings.Join(last.Unheard, "; "), strings.Join(next.Unheard, "; "), "this cannot be asked for by HTTP", "all can be asked for by HTTP again", slog.LevelError},
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
	if err := store(w.host, status.WatchPath, next); err != nil {
		log.Warn("the state is not stored", "error", err)
	}
	notify("STATUS=" + next.Line())
	w.alerts.desk.Prod()
}

// began logs what the daemon starts with.
func (w *watching) began(s status.Watch) {
	switch log := w.app.log; {
	case s.Role != "":
		log.Info("watching", "role", s.Role, "mode", s.Mode)
	case s.Waits != "":
		log.Info("watching") // what waits has been told
	default:
		log.Info("waiting for ha.hcl")
	}
}

// watchLine is how the daemon stands, for a person.
func watchLine(s *status.Watch) string {
	if s == nil {
		return "does not run"
	}
	return s.Line() + ", since " + clock(s.Since)
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
