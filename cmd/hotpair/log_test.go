package main

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
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
		line, harmless := logged(t, text, style, colour), logged(t, plainly(text), style, colour)
		if diff := cmp.Diff(sgr.FindAllString(harmless, -1), sgr.FindAllString(line, -1)); diff != "" {
			t.Fatalf("%s, colour %v: the text steers the colours: %q %s", style, colour, line, diff)
		}
		line = sgr.ReplaceAllString(line, "")
		if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u202e' }); i >= 0 {
			t.Fatalf("%s, colour %v: %q", style, colour, line)
		}
	})
}

// sgr is what colours a terminal (ECMA-48, 8.3.117).
var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plainly is a text of the same shape that can do no harm: what cannot be printed
// is a letter instead.
func plainly(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return 'x'
	}, text)
}

// logged is the line that tells of a text.
func logged(t *testing.T, text, style string, colour bool) string {
	var b strings.Builder
	log, err := newLogger(&b, "info", style, colour)
	if err != nil {
		t.Fatal(err)
	}
	log.Info("said", "text", text, "error", errors.New(text), slog.Group("in", "text", text), "any", struct{ Text string }{text})
	return strings.TrimSuffix(b.String(), "\n")
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
