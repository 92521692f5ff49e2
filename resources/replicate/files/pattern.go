package files

import (
	"fmt"
	"path"
	"strings"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// patterns are the exclusions, as rsync and path.Match both understand them.
type patterns []string

func newPatterns(texts []string) (patterns, error) {
	var list patterns
	for _, text := range texts {
		p := canonical(text)
		if _, err := path.Match(p, ""); err != nil || !path.IsAbs(p) {
			return nil, fmt.Errorf("exclusion %q: it is not an absolute pattern of *, ? and []", text)
		}
		list = append(list, p)
	}
	return list, nil
}

// canonical writes a pattern such that rsync and path.Match read the same in
// it: a backslash is a backslash, ** is *, [! is [^, and [ in a set is itself.
func canonical(text string) string {
	var b strings.Builder
	set := 0 // bytes since a set's opening bracket
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '\\', c == '[' && set > 0:
			b.WriteByte('\\')
		case c == '*' && set == 0 && i > 0 && text[i-1] == '*':
			continue
		case c == '!' && set == 1:
			c = '^'
		}
		b.WriteByte(c)
		switch {
		case set > 0 && c == ']':
			set = 0
		case set > 0 || c == '[':
			set++
		}
	}
	return strings.TrimRight(b.String(), "/")
}

// match tells whether a path is excluded, or lies in a directory that is.
func (l patterns) match(name string) bool {
	for ; name != "/" && name != "."; name = path.Dir(name) {
		if l.hit(name) {
			return true
		}
	}
	return false
}

// hit tells whether a path itself is excluded.
func (l patterns) hit(name string) bool {
	if strings.HasSuffix(name, disk.TempSuffix) {
		return true
	}
	for _, p := range l {
		if ok, err := path.Match(bytewise(p), bytewise(name)); ok && err == nil {
			return true
		}
	}
	return false
}

// bytewise makes a character of each byte, for that is what ? is to rsync.
func bytewise(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			wide := make([]rune, len(s))
			for i := range len(s) {
				wide[i] = rune(s[i])
			}
			return string(wide)
		}
	}
	return s
}

// filters are the patterns as rsync's options. Without a wildcard rsync takes a
// backslash literally. Hiding the temporary names, and not excluding them, has
// those on the standby deleted.
func (l patterns) filters() []string {
	args := []string{"--filter=hide *" + disk.TempSuffix}
	for _, p := range l {
		if !strings.ContainsAny(p, "*?[") {
			p = strings.ReplaceAll(p, `\\`, `\`)
		}
		args = append(args, "--exclude="+p)
	}
	return args
}
