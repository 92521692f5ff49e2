package asteriskconf

import (
	"bytes"
	"strings"

	"github.com/hotpair/hotpair/resources/pattern"
)

// file is a configuration file as Asterisk reads it.
type file struct {
	sections []section
	includes []string
}

type section struct {
	name      string
	line      int
	template  bool // [name](!)
	extends   bool // [name](+): a part of the section of that name before it
	templates []string
	options   []option
	end       int // where its last line of meaning ends, before the line break
}

type option struct {
	name, value string
	line        int
}

var (
	header = pattern.Lazy(`^\[([^\]]*)\]\s*(?:\(([^)]*)\))?`)
	assign = pattern.Lazy(`^([^=]*?)\s*=>?\s*(.*)$`)
)

// parse reads sections; what stands before the first one belongs to none.
func parse(text []byte) file {
	var f file
	number, at, comment := 0, 0, false
	for line := range bytes.Lines(text) {
		number++
		start := at
		at += len(line)
		var content string
		content, comment = meaning(string(line), comment)
		switch {
		case content == "":
			continue
		case strings.HasPrefix(content, "#"):
			f.includes = append(f.includes, content)
			continue
		case strings.HasPrefix(content, "["):
			f.open(content, number)
		case len(f.sections) > 0:
			f.assign(content, number)
		}
		if n := len(f.sections); n > 0 && !comment {
			f.sections[n-1].end = start + len(bytes.TrimRight(line, "\r\n"))
		}
	}
	return f
}

// meaning is a line without its comments; inside tells whether a block comment
// goes on.
func meaning(line string, inside bool) (content string, still bool) {
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case inside:
			if strings.HasPrefix(line[i:], "--;") {
				inside, i = false, i+2
			}
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == ';':
			b.WriteByte(';')
			i++
		case strings.HasPrefix(line[i:], ";--") && !strings.HasPrefix(line[i:], ";---"):
			inside, i = true, i+2
		case line[i] == ';':
			return strings.TrimSpace(b.String()), false
		default:
			b.WriteByte(line[i])
		}
	}
	return strings.TrimSpace(b.String()), inside
}

func (f *file) open(content string, line int) {
	m := header().FindStringSubmatch(content)
	if m == nil {
		return
	}
	s := section{name: m[1], line: line}
	for word := range strings.SplitSeq(m[2], ",") {
		switch word = strings.TrimSpace(word); word {
		case "":
		case "!":
			s.template = true
		case "+":
			s.extends = true
		default:
			s.templates = append(s.templates, word)
		}
	}
	f.sections = append(f.sections, s)
}

func (f *file) assign(content string, line int) {
	if m := assign().FindStringSubmatch(content); m != nil {
		s := &f.sections[len(f.sections)-1]
		s.options = append(s.options, option{name: strings.ToLower(m[1]), value: m[2], line: line})
	}
}

// list gives options of a section itself.
func (s *section) list(names ...string) []Override {
	var list []Override
	for _, o := range s.options {
		for _, name := range names {
			if o.name == name {
				list = append(list, Override{Section: s.name, Option: o.name, Value: o.value, Line: o.line})
			}
		}
	}
	return list
}

// trunk is for how long a section of type registration registers: what it says
// itself or, where it and what it inherits say nothing, that.
func (f *file) trunk(i int) []Override {
	const option = "expiration"
	s := &f.sections[i]
	for j := range f.sections {
		if _, set := f.value(j, option); set && f.sections[j].name == s.name {
			return s.list(option)
		}
	}
	if s.template || s.extends {
		return nil
	}
	return []Override{{Section: s.name, Option: option, Line: s.line}}
}

// value is what holds for a section: its own last one, or that of the last
// template that has one.
func (f *file) value(i int, name string) (value string, set bool) {
	s := f.sections[i]
	for _, base := range f.bases(i) {
		if v, is := f.value(base, name); is {
			value, set = v, true
		}
	}
	for _, o := range s.options {
		if o.name == name {
			value, set = o.value, true
		}
	}
	return value, set
}

// bases are the sections that one inherits from, which stand before it.
func (f *file) bases(i int) []int {
	names := f.sections[i].templates
	if f.sections[i].extends {
		names = append([]string{f.sections[i].name}, names...)
	}
	var bases []int
	for _, name := range names {
		for j := i - 1; j >= 0; j-- {
			if f.sections[j].name == name {
				bases = append(bases, j)
				break
			}
		}
	}
	return bases
}

// kind is a PJSIP section's type.
func (f *file) kind(i int) string {
	kind, _ := f.value(i, "type")
	return strings.ToLower(kind)
}

// decides tells whether the values of a section hold for it and for all that
// inherit from it.
func (f *file) decides(d Dialect, i int) bool {
	if d == ChanSIP {
		for j := range i {
			if f.sections[j].name == "general" {
				return false
			}
		}
		return f.sections[i].name == "general"
	}
	if f.kind(i) != "aor" {
		return false
	}
	for _, base := range f.bases(i) {
		if f.kind(base) == "aor" {
			return false
		}
	}
	return true
}
