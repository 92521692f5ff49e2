package timeline

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// File is a log to be read.
type File struct {
	Name     string    // as it is told
	Node     string    // whose it is; "": not said
	Modified time.Time // its last change
	In       io.Reader
}

// How is how logs are read.
type How struct {
	As   string         // the format of all of them; "": found out line by line
	Zone *time.Location // of times that name none
	Span Span
	All  bool // also what tells nothing
}

// Log reads the entries of a file, in order.
type Log struct {
	Counts
	file   File
	how    How
	lines  *lines
	cal    calendar
	known  []format // that which read the last line first
	signs  []sign
	window []Entry // sorted; what is put in order
	number int64   // of the last line
	ended  error
}

// Counts are what became of a file's lines.
type Counts struct {
	Lines    int64 `json:"lines"`              // that are not blank
	Told     int64 `json:"told"`               // that tell something, whether within the span or not
	Timeless int64 `json:"timeless"`           // without a time that is known
	Zoneless bool  `json:"zoneless,omitempty"` // a time without a zone was read as this node's
	Yearless bool  `json:"yearless,omitempty"` // one without a year was read as of the latest that it can be
}

// Open begins to read a log. Its errors name the file.
func Open(f File, how How) (*Log, error) {
	lines, err := newLines(f.In)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	known := formats()
	if how.As != "" {
		known = slices.DeleteFunc(known, func(f format) bool { return f.kind != how.As })
	}
	return &Log{file: f, how: how, lines: lines, known: known, signs: signs(), cal: calendar{zone: how.Zone, latest: f.Modified}}, nil
}

// Name is that of the file.
func (l *Log) Name() string { return l.file.Name }

// windowSize is how many entries are put in order.
const windowSize = 256

// Next is the next entry; io.EOF after the last. A file without any time is an
// error.
func (l *Log) Next(ctx context.Context) (Entry, error) {
	for len(l.window) < windowSize && l.ended == nil {
		e, told, err := l.read(ctx)
		if err != nil {
			l.ended = err
		}
		if told && l.how.Span.Has(e.At) {
			at, _ := slices.BinarySearchFunc(l.window, e, earlier)
			l.window = slices.Insert(l.window, at, e)
		}
	}
	if len(l.window) == 0 {
		return Entry{}, l.ended
	}
	if l.ended != nil && l.ended != io.EOF {
		return Entry{}, l.ended
	}
	e := l.window[0]
	l.window = slices.Delete(l.window, 0, 1)
	return e, nil
}

// read reads one line.
func (l *Log) read(ctx context.Context) (e Entry, told bool, err error) {
	text, err := l.lines.next()
	switch {
	case err == io.EOF && l.Lines > 0 && l.Lines == l.Timeless:
		return Entry{}, false, fmt.Errorf("%s:1: no line of it begins with a time that is known: see --as", l.file.Name)
	case err == io.EOF:
		return Entry{}, false, err
	case err != nil:
		return Entry{}, false, fmt.Errorf("%s:%d: %w", l.file.Name, l.number+1, err)
	}
	if err := ctx.Err(); err != nil {
		return Entry{}, false, err
	}
	l.number++
	if strings.TrimSpace(text) == "" {
		return Entry{}, false, nil
	}
	l.Lines++
	parsed, ok := l.parse(text)
	if !ok {
		l.Timeless++
		return Entry{}, false, nil
	}
	l.Zoneless, l.Yearless = l.cal.zoneless, l.cal.yearless
	e, told = l.entry(parsed)
	if told {
		l.Told++
	}
	return e, told || l.how.All, nil
}

// parse reads a line by the format of the last one, or by another.
func (l *Log) parse(text string) (line, bool) {
	for i, f := range l.known {
		if parsed, ok := f.read(&l.cal, text); ok {
			if i > 0 {
				l.known = append([]format{f}, slices.Delete(slices.Clone(l.known), i, i+1)...)
			}
			return parsed, true
		}
	}
	return line{}, false
}

// entry makes one of a line, and tells whether it tells something.
func (l *Log) entry(parsed line) (Entry, bool) {
	from, told := parsed.program, parsed.told
	for _, s := range l.signs {
		if by := s.tells(parsed); by != "" && !parsed.told {
			from, told = by, true
			break
		}
	}
	if !told && !l.how.All {
		return Entry{}, false
	}
	return Entry{At: parsed.at, Node: l.file.Node, From: host.OneLine(cmp.Or(from, "log")), Level: host.OneLine(parsed.level), Text: host.OneLine(parsed.text),
		File: l.file.Name, Line: l.number}, told
}
