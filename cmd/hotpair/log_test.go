package main

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode"
)

// No text from outside may begin a line of a log, or steer a terminal.
func FuzzLog(f *testing.F) {
	for _, seed := range []string{"\x1b[2J", "a\nlevel=ERROR msg=forged", "\r", "\u2028", "\u202e", "\xff\xfe", "\x9b31m", "a\tb"} {
		for style := range uint8(6) {
			f.Add(seed, style)
		}
	}
	f.Fuzz(func(t *testing.T, text string, choice uint8) {
		style, colour := []string{"auto", "text", "json"}[choice%3], choice%2 == 0
		var b strings.Builder
		log, err := newLogger(&b, "info", style, colour)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("said", "text", text, "error", errors.New(text), slog.Group("in", "text", text), "any", struct{ Text string }{text})
		line := strings.TrimSuffix(b.String(), "\n")
		if colour && style == "auto" {
			line = stripSGR(line)
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u202e' }); i >= 0 {
			t.Fatalf("%s, colour %v: %q", style, colour, line)
		}
	})
}

func TestSeveralErrorsAreOneLine(t *testing.T) {
	for _, style := range []string{"auto", "text", "json"} {
		var b strings.Builder
		log, err := newLogger(&b, "info", style, true)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("said", "error", errors.Join(errors.New("a\tb"), errors.New("c")))
		if !strings.Contains(b.String(), "a b; c") {
			t.Errorf("%s: %s", style, b.String())
		}
	}
}

// stripSGR takes the logger's own colours out.
func stripSGR(line string) string {
	for _, code := range []string{"0", "1", "2", "22", "31", "32", "33", "34", "35", "36", "90", "91", "92", "93", "2;91", "22;91", "92;2", "91;2"} {
		line = strings.ReplaceAll(line, "\x1b["+code+"m", "")
	}
	return line
}
