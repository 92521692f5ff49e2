package timeline

import (
	"strings"

	"github.com/hotpair/hotpair/resources/pattern"
)

// pythonRest matches what follows the time: process, level, name.
var pythonRest = pattern.Lazy(`^ \[\d+\] \(([A-Z]+)\) \(([^)]*)\): `)

// python reads a line of Python's logging, whose %(asctime)s has a comma before its
// milliseconds: "2026-03-01 02:03:04,567 [12] (INFO) (name): text".
func (c *calendar) python(text string) (line, bool) {
	const comma = len("2026-03-01 02:03:04")
	if len(text) <= comma || text[comma] != ',' {
		return line{}, false
	}
	at, rest, ok := c.iso(text)
	if !ok {
		return line{}, false
	}
	l := line{at: at, program: "python", text: strings.TrimSpace(rest)}
	if m := pythonRest().FindStringSubmatch(rest); m != nil {
		l.level, l.program, l.text = m[1], m[2], rest[len(m[0]):]
	}
	return l, true
}
