package record

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// longest is how much of a text is recorded, in bytes.
const longest = 2 << 10

// handler hands each record of a log on, and has those of level info and above
// written.
type handler struct {
	next   slog.Handler
	writer *Writer
	prefix string // of groups
	attrs  Attrs
}

// Handler is a handler whose records are recorded too, whatever it does with them.
func Handler(next slog.Handler, w *Writer) slog.Handler { return handler{next: next, writer: w} }

func (h handler) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelInfo || h.next.Enabled(ctx, l)
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelInfo {
		attrs := slices.Clone(h.attrs)
		r.Attrs(func(a slog.Attr) bool {
			attrs = append(attrs, told(h.prefix, a)...)
			return true
		})
		h.writer.Add(Event{At: r.Time, Level: r.Level.String(), Message: short(r.Message), Attrs: attrs})
	}
	if !h.next.Enabled(ctx, r.Level) {
		return nil
	}
	return h.next.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.next = h.next.WithAttrs(attrs)
	h.attrs = slices.Clone(h.attrs)
	for _, a := range attrs {
		h.attrs = append(h.attrs, told(h.prefix, a)...)
	}
	return h
}

func (h handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	h.next, h.prefix = h.next.WithGroup(name), h.prefix+short(name)+"."
	return h
}

// told is an attribute as it is recorded, or those of a group.
func told(prefix string, a slog.Attr) Attrs {
	value := a.Value.Resolve()
	switch {
	case a.Equal(slog.Attr{}):
		return nil
	case value.Kind() != slog.KindGroup:
		return Attrs{{prefix + short(a.Key), text(value)}}
	}
	if a.Key != "" {
		prefix += short(a.Key) + "."
	}
	var all Attrs
	for _, inner := range value.Group() {
		all = append(all, told(prefix, inner)...)
	}
	return all
}

func text(v slog.Value) string {
	if v.Kind() == slog.KindTime {
		return v.Time().UTC().Format(time.RFC3339)
	}
	return short(fmt.Sprint(v.Any()))
}

// short is a text of one line that can be printed, with its end left out where it
// is very long.
func short(s string) string {
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	return host.OneLine(s)
}
