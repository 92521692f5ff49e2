package schema

import (
	"bytes"
	"regexp"
	"strings"
)

// A lineMasker goes through a source line by line.
type lineMasker struct {
	covers map[string]cover
	shapes map[string]*regexp.Regexp
	block  string // that was opened last; "": none was yet
	listed bool   // within the brackets of a list that may be shown
}

// lineShapes are what lines and values look like, compiled once a source.
func lineShapes() map[string]*regexp.Regexp {
	out := map[string]*regexp.Regexp{}
	for name, pattern := range map[string]string{
		"argument":  `^(\s*(?:[A-Za-z_][\w-]*\s*\{\s*)*([A-Za-z_][\w-]*)\s*=)([^=].*)?$`,
		"element":   `^\s*(?:"[^"\\]*"\s*,?\s*)+(?:#[^"=]*)?$`,
		"comment":   `^\s*(?:#[^"=]*)?$`,
		"header":    `^\s*[A-Za-z_][\w-]*\s*\{\s*$`,
		"opens":     `^\s*(?:([A-Za-z_][\w-]*)\s*(?:"[^"]*"\s*)?\{\s*)+`,
		"closing":   `^[\s\])},]*$`,
		"word":      `^\s*[A-Za-z_][\w-]*`,
		"reading":   `^\s*(file\("/[^"]*"\)|env\("HOTPAIR_\w*"\))[\s})]*$`,
		"opening":   `^[^"]*\[\s*(#[^"=]*)?$`,
		"value":     `^(?:[^"#/]|"[^"]*"|/[^/*])*`,
		"quoted":    `"[^"]*"`,
		"second":    `[A-Za-z_][\w-]*\s*=([^=]|$)`,
		"remark":    `[#/].*"`,
		"url":       `^\s*"[a-z]+://[^"$\\]*"[\s}]*$`,
		"user":      `://([^"]*)@`,
		"parameter": `(?i)[?&;][^=&;"]*(?:pass|pw|secret|token|key|auth)[^=&;"]*=([^&"\s]*)`,
	} {
		out[name] = regexp.MustCompile(pattern)
	}
	return out
}

func (m *lineMasker) is(shape string, text []byte) bool { return m.shapes[shape].Match(text) }

func (m *lineMasker) mask(line []byte) {
	if opens := m.shapes["opens"].FindSubmatch(line); opens != nil {
		m.block = string(opens[1])
	}
	found := m.shapes["argument"].FindSubmatchIndex(line)
	switch {
	case found != nil:
		m.value(string(line[found[4]:found[5]]), line[found[3]:])
	case m.listed && m.is("element", line), m.is("comment", line), m.is("header", line):
	case m.is("closing", line):
		m.listed = false
	default:
		m.listed = false
		m.unknown(line)
	}
}

func (m *lineMasker) value(name string, rest []byte) {
	cover, known := m.covers[m.block+"."+name]
	if !known {
		cover, known = m.covers[name]
	}
	m.listed = false
	switch {
	case m.is("reading", rest):
	case !known, cover == coverAll, m.suspicious(rest):
		veil(rest)
	case cover == coverURL:
		m.maskURL(rest)
	default:
		m.listed = m.is("opening", rest)
		stars(rest[len(m.shapes["value"].Find(rest)):])
	}
}

// suspicious values may hold more than what the name before them tells: a
// second argument on the line, a remark with one, a key, a quote that is not
// closed.
func (m *lineMasker) suspicious(rest []byte) bool {
	outside := m.shapes["quoted"].ReplaceAll(rest, []byte(`""`))
	return m.is("second", outside) || m.is("remark", outside) ||
		bytes.Contains(rest, []byte("PRIVATE KEY")) || bytes.Count(rest, []byte(`"`))%2 != 0
}

// maskURL covers the password of a URL and whatever its parameters call one. Of
// what is not plainly a single URL it leaves nothing.
func (m *lineMasker) maskURL(rest []byte) {
	if !m.is("url", rest) {
		veil(rest)
		return
	}
	for _, at := range m.shapes["user"].FindAllSubmatchIndex(rest, -1) {
		part := rest[at[2]:at[3]]
		if i := bytes.IndexByte(part, ':'); i >= 0 {
			part = part[i+1:]
		}
		stars(part)
	}
	for _, at := range m.shapes["parameter"].FindAllSubmatchIndex(rest, -1) {
		stars(rest[at[2]:at[3]])
	}
}

// unknown covers a line that is no argument, but for a first word of the
// language.
func (m *lineMasker) unknown(line []byte) {
	first := m.shapes["word"].Find(line)
	name := strings.TrimSpace(string(first))
	if _, ok := m.covers[name]; !ok && !isBlock(language(), name) {
		first = nil
	}
	veil(line[len(first):])
}

func isBlock(b block, name string) bool {
	for _, inner := range b.blocks {
		if inner.name == name || isBlock(inner, name) {
			return true
		}
	}
	return false
}
