package main

import (
	"log/slog"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
)

// recordLimit is how long the end of a command waits for the record to be
// written.
const recordLimit = 2 * time.Second

// recorded has what is logged from now on recorded too, until the end.
func (a *app) recorded(h *host.Host) (end func()) {
	w := record.New(h, a.name)
	a.log = slog.New(record.Handler(a.log.Handler(), w))
	return func() { w.Close(recordLimit) }
}

// note is where a command by hand leaves what it changed, for the record alone.
func (a *app) note() *slog.Logger {
	if a.notes != nil {
		return a.notes
	}
	h, err := host.Open(a.root)
	if err != nil {
		return slog.New(slog.DiscardHandler) // who cannot be recorded has changed nothing either
	}
	w := record.New(h, a.name)
	a.notes, a.noted = slog.New(record.Handler(slog.DiscardHandler, w)), func() {
		w.Close(recordLimit)
		h.Close()
	}
	return a.notes
}

// endNotes writes what is left of the record.
func (a *app) endNotes() {
	if a.noted != nil {
		a.noted()
	}
}

// endRecord writes what is left of the record, and records nothing more: its file
// is about to go.
func (a *app) endRecord() {
	a.endNotes()
	a.notes, a.noted = slog.New(slog.DiscardHandler), nil
}

// ended is how something ended, for the record.
func ended(err error) string {
	if err == nil {
		return "done"
	}
	return err.Error()
}
