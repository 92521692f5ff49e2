package schema

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// masked is a copy of a source in which * stand for whatever may be secret. It
// goes by lines and tokens, so that it holds for what does not parse: shown are
// the names of blocks and arguments, and the values of arguments of which no
// kind is secret. Text and copy have the same length where they are shown.
func masked(text []byte) []byte {
	out := bytes.Clone(text)
	lines := lineMasker{covers: covers()}
	for start := len(byteOrderMark(text)); start < len(out); {
		end := len(out)
		if i := bytes.IndexByte(out[start:], '\n'); i >= 0 {
			end = start + i
		}
		lines.mask(out[start:end])
		start = end + 1
	}
	maskHeredocs(text, out)
	return out
}

// byteOrderMark is what some editors put before the text and HCL passes over.
func byteOrderMark(text []byte) []byte {
	mark := []byte("\ufeff")
	if bytes.HasPrefix(text, mark) {
		return mark
	}
	return nil
}

// covers says for each name of an argument, whichever block it is in, how much
// of its value may be shown.
func covers() map[string]cover {
	out := map[string]cover{}
	language().walk("", func(_ string, a attribute, _ block) {
		out[a.name] = max(out[a.name], a.kind.cover)
	})
	return out
}

// maskHeredocs covers texts of several lines, whoever's they are.
func maskHeredocs(text, out []byte) {
	tokens, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos)
	for _, token := range tokens {
		if token.Type == hclsyntax.TokenStringLit {
			stars(out[min(token.Range.Start.Byte, len(out)):min(token.Range.End.Byte, len(out))])
		}
	}
}

type lineMasker struct {
	covers map[string]cover
	listed bool // within the brackets of a list that may be shown
}

func (m *lineMasker) mask(line []byte) {
	const (
		argument = `^(\s*(?:[A-Za-z_][\w-]*\s*\{\s*)*([A-Za-z_][\w-]*)\s*=)([^=].*)?$`
		element  = `^\s*(?:"[^"\\]*"\s*,?\s*)+(?:#[^"=]*)?$`
		comment  = `^\s*(?:#[^"=]*)?$`
		header   = `^\s*[A-Za-z_][\w-]*\s*\{\s*$`
		closing  = `^[\s\])},]*$`
	)
	found := regexp.MustCompile(argument).FindSubmatchIndex(bytes.ToValidUTF8(line, []byte("?")))
	switch {
	case found != nil && len(bytes.ToValidUTF8(line, []byte("?"))) == len(line):
		name, rest := string(line[found[4]:found[5]]), line[found[3]:]
		m.value(name, rest)
	case m.listed && matches(element, line), matches(comment, line), matches(header, line):
	case matches(closing, line):
		m.listed = false
	default:
		m.listed = false
		m.unknown(line)
	}
}

func (m *lineMasker) value(name string, rest []byte) {
	cover, known := m.covers[name]
	m.listed = false
	switch {
	case matches(`^\s*(file\("/[^"]*"\)|env\("HOTPAIR_\w*"\))[\s})]*$`, rest):
	case !known, cover == coverAll, suspicious(rest):
		stars(rest)
	case cover == coverURL:
		maskURL(rest)
	default:
		m.listed = matches(`^[^"]*\[\s*(#[^"=]*)?$`, rest)
		value := regexp.MustCompile(`^(?:[^"#/]|"[^"]*"|/[^/*])*`).Find(rest)
		stars(rest[len(value):])
	}
}

// suspicious values may hold more than what the name before them tells: a
// second argument on the line, a comment with one, a key, a quote that is not
// closed.
func suspicious(rest []byte) bool {
	return matches(`[A-Za-z_][\w-]*\s*=([^=]|$)`, outsideQuotes(rest)) || matches(`[#/].*"`, outsideQuotes(rest)) ||
		bytes.Contains(rest, []byte("PRIVATE KEY")) || bytes.Count(rest, []byte(`"`))%2 != 0
}

func outsideQuotes(rest []byte) []byte {
	return regexp.MustCompile(`"[^"]*"`).ReplaceAll(rest, []byte(`""`))
}

// maskURL covers the password of a URL and whatever its parameters call one. Of
// what is not plainly a single URL it leaves nothing.
func maskURL(rest []byte) {
	if !matches(`^\s*"[a-z]+://[^"$\\]*"[\s}]*$`, rest) {
		stars(rest)
		return
	}
	const (
		user      = `://([^"]*)@`
		parameter = `(?i)[?&;][^=&;"]*(?:pass|pw|secret|token|key|auth)[^=&;"]*=([^&"\s]*)`
	)
	for _, at := range regexp.MustCompile(user).FindAllSubmatchIndex(rest, -1) {
		part := rest[at[2]:at[3]]
		if i := bytes.IndexByte(part, ':'); i >= 0 {
			part = part[i+1:]
		}
		stars(part)
	}
	for _, at := range regexp.MustCompile(parameter).FindAllSubmatchIndex(rest, -1) {
		stars(rest[at[2]:at[3]])
	}
}

// unknown covers a line that is no argument, but for a first word of the
// language.
func (m *lineMasker) unknown(line []byte) {
	rest := line
	first := string(regexp.MustCompile(`^\s*[A-Za-z_][\w-]*`).Find(line))
	name := strings.TrimSpace(first)
	if _, ok := m.covers[name]; ok || isBlock(language(), name) {
		rest = line[len(first):]
	}
	stars(rest)
}

func isBlock(b block, name string) bool {
	for _, inner := range b.blocks {
		if inner.name == name || isBlock(inner, name) {
			return true
		}
	}
	return false
}

// stars covers everything but spaces, quotes and line ends.
func stars(text []byte) {
	for i, c := range text {
		if c != ' ' && c != '\t' && c != '"' && c != '\n' && c != '\r' {
			text[i] = '*'
		}
	}
}

func matches(pattern string, text []byte) bool { return regexp.MustCompile(pattern).Match(text) }
