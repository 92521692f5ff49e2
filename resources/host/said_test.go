package host

import (
	"slices"
	"strings"
	"testing"
)

func TestWhatAProgramSaidIsItsLastLinesWithoutControlCharacters(t *testing.T) {
	var s Said
	s.Write([]byte(strings.Repeat("flood\n", tailSize)))
	s.Write([]byte("one\n\n \x1b[2Jtwo\r\n"))
	lines := s.Lines()
	if len(lines) > tailSize || !slices.Equal(lines[len(lines)-2:], []string{"one", "\uFFFD[2Jtwo"}) {
		t.Errorf("%d lines, %q", len(lines), lines[len(lines)-2:])
	}
}
