// Package asteriskconf reads and edits how long registrations last (RFC 3261
// §10) in Asterisk's own files, for nodes whose configuration is in no database:
//
//   - pjsip.conf: sections of type aor have minimum_expiration,
//     default_expiration and maximum_expiration.
//   - sip.conf, for chan_sip: the section general has minexpiry, defaultexpiry
//     and maxexpiry.
//
// The last value in a section wins, and its own over those of the templates that
// it names. hotpair's lines therefore stand at the end of every section that
// decides, between two markers, and taking them away gives back the file to the
// byte. A section decides that inherits from no other of its type.
//
// The package knows texts, not files; it does not follow #include and #exec.
package asteriskconf

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Dialect is what a file is for.
type Dialect int

// The dialects.
const (
	PJSIP Dialect = iota
	ChanSIP
)

// Values are the shortest, usual and longest time in seconds, as written;
// several different ones are joined by " and ", and one that is not set is "".
type Values struct{ Minimum, Default, Maximum string }

// options are the names of the three values.
func (d Dialect) options() []string {
	if d == ChanSIP {
		return []string{"minexpiry", "defaultexpiry", "maxexpiry"}
	}
	return []string{"minimum_expiration", "default_expiration", "maximum_expiration"}
}

// Override is a value that stands where it wins over those that hotpair keeps,
// or how long a trunk registers at its provider for; "" where nothing says it.
type Override struct {
	Section, Option, Value string
	Line                   int
}

// Found is what a file says.
type Found struct {
	Values    Values
	Sections  int // that decide
	Overrides []Override
	Trunks    []Override
	Includes  []string // that are not followed
}

// Read reads a file.
func Read(d Dialect, text []byte) Found {
	f := parse(text)
	found := Found{Includes: f.includes}
	var seen [3][]string
	for i := range f.sections {
		s := &f.sections[i]
		switch {
		case f.decides(d, i):
			found.Sections++
			for n, option := range d.options() {
				value, _ := f.value(i, option)
				seen[n] = append(seen[n], value)
			}
		case d == PJSIP && f.kind(i) == "aor":
			found.Overrides = append(found.Overrides, s.list(d.options()...)...)
		case d == PJSIP && f.kind(i) == "registration":
			found.Trunks = append(found.Trunks, f.trunk(i)...)
		}
	}
	found.Values = Values{joined(seen[0]), joined(seen[1]), joined(seen[2])}
	return found
}

func joined(values []string) string {
	slices.Sort(values)
	return strings.Join(slices.Compact(values), " and ")
}

const (
	begin = "; hotpair: begin, kept as /etc/hotpair/ha.hcl says; do not edit"
	end   = "; hotpair: end"
)

func block() *regexp.Regexp {
	return regexp.MustCompile(`\n; hotpair: begin[^\n]*\n(?:[^\n]*\n)*?; hotpair: end`)
}

func marker() *regexp.Regexp { return regexp.MustCompile(`(?m)^; hotpair: (begin|end)`) }

// Strip takes hotpair's lines away.
func Strip(text []byte) ([]byte, error) {
	rest := block().ReplaceAll(text, nil)
	if at := marker().FindIndex(rest); at != nil {
		lost := rest[at[0]:at[1]]
		return nil, fmt.Errorf("line %d: %q has no counterpart: restore both markers, or remove both and what stands between them", 1+bytes.Count(text[:bytes.Index(text, lost)], []byte("\n")), lost)
	}
	return rest, nil
}

// Edit makes every section that decides say these values.
func Edit(d Dialect, text []byte, v Values) ([]byte, error) {
	plain, err := Strip(text)
	if err != nil {
		return nil, err
	}
	f := parse(plain)
	lines := "\n" + begin
	for i, value := range []string{v.Minimum, v.Default, v.Maximum} {
		lines += fmt.Sprintf("\n%s=%s", d.options()[i], value)
	}
	lines += "\n" + end
	var out []byte
	last := 0
	for i, s := range f.sections {
		if f.decides(d, i) {
			out = append(append(out, plain[last:s.end]...), lines...)
			last = s.end
		}
	}
	return append(out, plain[last:]...), nil
}
