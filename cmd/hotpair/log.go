package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/lmittmann/tint"

	"github.com/hotpair/hotpair/resources/host"
)

// newLogger logs to standard error: for people on a terminal, as key=value for
// the journal, or as JSON.
func newLogger(w io.Writer, level, style string, colour bool) (*slog.Logger, error) {
	var min slog.Level
	if err := min.UnmarshalText([]byte(level)); err != nil {
		return slog.New(slog.DiscardHandler), fmt.Errorf("--log-level %q is none of debug, info, warn, error", level)
	}
	options := &slog.HandlerOptions{Level: min, ReplaceAttr: harmless}
	switch {
	case style == "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	case style == "text", style == "auto" && !colour:
		return slog.New(slog.NewTextHandler(w, options)), nil
	case style == "auto":
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: min, ReplaceAttr: harmless})), nil
	}
	return slog.New(slog.DiscardHandler), fmt.Errorf("--log-format %q is none of auto, text, json", style)
}

// harmless takes control characters out of what is logged: tint prints them as
// they are, so that a file name could forge a line or colour a terminal.
func harmless(_ []string, attr slog.Attr) slog.Attr {
	switch value := attr.Value.Any().(type) {
	case string:
		attr.Value = slog.StringValue(host.OneLine(value))
	case bool, int64, uint64, float64, time.Time, time.Duration, slog.Level:
	default:
		attr.Value = slog.StringValue(host.OneLine(fmt.Sprint(value)))
	}
	return attr
}

// clean leaves what can be printed, and line ends.
func clean(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = host.Printable(strings.ReplaceAll(line, "\t", " "))
	}
	return strings.Join(lines, "\n")
}
