package files

import (
	"path"
	"strconv"
	"strings"

	"github.com/hotpair/hotpair/resources/pattern"
)

// read takes one line of rsync's standard output: an item, a figure, or a
// remark that is of no use.
func (f *found) read(line string) {
	if count, is := strings.CutPrefix(line, "Number of files: "); is {
		count, _, _ = strings.Cut(count, " ")
		f.Looked, _ = strconv.Atoi(count)
		return
	}
	change, times, is := item(line)
	if !is {
		return
	}
	f.differs = true
	switch change.Verb {
	case Create:
		f.created++
	case Delete:
		f.deleted++
	}
	if !times {
		f.Changes = append(f.Changes, change)
		f.Bytes += change.Size
	}
}

// item reads "%i %l %n" (rsync(1), --itemize-changes; rsyncd.conf(5), log
// format). times tells that it is about a directory's time alone.
func item(line string) (c Change, times, is bool) {
	const deleting = "*deleting  "
	if len(line) < len(deleting) {
		return Change{}, false, false
	}
	what, rest, _ := strings.Cut(line, " ")
	if strings.HasPrefix(line, deleting) {
		what, rest = deleting, strings.TrimLeft(line[len(deleting):], " ")
	}
	length, name, is := strings.Cut(rest, " ")
	size, err := strconv.ParseInt(length, 10, 64)
	if !is || err != nil || len(what) < len(deleting) || !strings.ContainsRune("<>ch.*", rune(what[0])) {
		return Change{}, false, false
	}
	c = Change{Path: path.Clean("/" + unescape(name)), Verb: verb(what)}
	if what[1] == 'f' && (c.Verb == Create || c.Verb == Update) {
		c.Size = size
	}
	return c, what[1] == 'd' && strings.Trim(what[2:], ".t") == "", true
}

func verb(what string) string {
	switch {
	case what[0] == '*':
		return Delete
	case strings.HasSuffix(what, "+"):
		return Create
	case what[0] == '.':
		return Attributes
	}
	return Update
}

var escaped = pattern.Lazy(`\\#[0-3][0-7]{2}`)

// unescape decodes \#ooo, by which rsync prints what is not printable.
func unescape(name string) string {
	if !strings.Contains(name, `\#`) {
		return name
	}
	return escaped().ReplaceAllStringFunc(name, func(code string) string {
		n, err := strconv.ParseUint(code[2:], 8, 8)
		if err != nil {
			return code
		}
		return string([]byte{byte(n)})
	})
}
