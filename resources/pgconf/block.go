package pgconf

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	begin       = "# BEGIN hotpair: kept as /etc/hotpair/ha.hcl says; do not edit"
	beginJoined = "# BEGIN hotpair, on a line of its own since the one before had no end: kept as /etc/hotpair/ha.hcl says; do not edit"
	end         = "# END hotpair"
)

// ErrMarkers is returned when hotpair's markers are not a pair.
var ErrMarkers = errors.New("the markers of hotpair's lines are not one pair of BEGIN and END")

// block is where hotpair's lines stand in a text.
type block struct {
	start, stop int // with the markers and their line endings
	joined      bool
	lines       []string
	found       bool
}

// Prepend puts lines at the top of a text, between markers, in place of those
// that stand between markers already.
func Prepend(text []byte, lines ...string) ([]byte, error) {
	rest, err := Strip(text)
	if err != nil {
		return nil, err
	}
	return append([]byte(render(begin, lines, ending(rest))), rest...), nil
}

// Append puts lines at the end of a text, between markers, in place of those
// that stand between markers already.
func Append(text []byte, lines ...string) ([]byte, error) {
	rest, err := Strip(text)
	if err != nil {
		return nil, err
	}
	eol := ending(rest)
	if len(rest) > 0 && !bytes.HasSuffix(rest, []byte("\n")) {
		return append(bytes.Clone(rest), eol+render(beginJoined, lines, eol)...), nil
	}
	return append(bytes.Clone(rest), render(begin, lines, eol)...), nil
}

// Strip removes hotpair's lines and leaves the rest to the byte, also when
// somebody edited it in between.
func Strip(text []byte) ([]byte, error) {
	b, err := find(text)
	if err != nil || !b.found {
		return text, err
	}
	before, after := text[:b.start], text[b.stop:]
	if b.joined && len(after) == 0 {
		before = bytes.TrimSuffix(before, []byte(ending(text[b.start:])))
	}
	return append(bytes.Clone(before), after...), nil
}

// DropLines removes whole lines by their numbers, from 1.
func DropLines(text []byte, numbers []int) []byte {
	var kept []byte
	number := 0
	for line := range bytes.Lines(text) {
		if number++; !slices.Contains(numbers, number) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// Marked returns hotpair's lines in a text.
func Marked(text []byte) ([]string, error) {
	b, err := find(text)
	return b.lines, err
}

func render(marker string, lines []string, eol string) string {
	return strings.Join(append(append([]string{marker}, lines...), end, ""), eol)
}

// ending is the line ending that a text uses.
func ending(text []byte) string {
	if first := bytes.IndexByte(text, '\n'); first > 0 && text[first-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// find looks for the one pair of markers.
func find(text []byte) (block, error) {
	var b block
	open, at, number, began := false, 0, 0, 0
	for line := range strings.Lines(string(text)) {
		number++
		content := strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(content, "# BEGIN hotpair"):
			if open || b.found {
				return block{}, markerError(number)
			}
			open, began, b.start, b.joined = true, number, at, content == beginJoined
		case content == end:
			if !open {
				return block{}, markerError(number)
			}
			open, b.found, b.stop = false, true, at+len(line)
		case open:
			b.lines = append(b.lines, content)
		}
		at += len(line)
	}
	if open {
		return block{}, markerError(began)
	}
	return b, nil
}

func markerError(line int) error {
	return fmt.Errorf("line %d: %w: delete them and what stands between them", line, ErrMarkers)
}
