package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/hotpair/hotpair/resources/host"
)

// source is the master's end: what there is to be sent.
type source struct {
	host   *host.Host
	there  []string
	roots  map[string]*os.Root
	owners *owners
	items  map[string]entry
	err    error
}

func newSource(h *host.Host, there []string, o *owners) *source {
	return &source{host: h, there: there, roots: map[string]*os.Root{}, owners: o, items: map[string]entry{}}
}

func (s *source) close() {
	for _, r := range s.roots {
		_ = r.Close() // it was only read through
	}
}

func (s *source) open(dir string) (*os.Root, error) {
	if r := s.roots[dir]; r != nil {
		return r, nil
	}
	r, err := os.OpenRoot(s.host.Host(dir))
	if err == nil {
		s.roots[dir] = r
	}
	return r, err
}

// add looks at a path, after the directories above it. Of several that are gone
// the topmost is enough, and below what is no directory here there is nothing.
func (s *source) add(name string) {
	dir, rel := within(s.there, name)
	if dir == "" {
		return
	}
	at := dir
	s.look(dir, at)
	for step := range strings.SplitSeq(rel, "/") {
		if s.err != nil || s.items[at].Kind != kindDir || step == "." {
			return
		}
		at = path.Join(at, step)
		s.look(dir, at)
	}
}

func (s *source) look(dir, name string) {
	if _, known := s.items[name]; known {
		return
	}
	root, err := s.open(dir)
	if err == nil {
		var e entry
		if e, err = s.entry(root, name, strings.TrimPrefix(name[len(dir):], "/")); err == nil && e.Kind != "" {
			s.items[name] = e
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && name != dir:
		s.items[name] = entry{Kind: kindGone, Path: []byte(name)}
	case errors.Is(err, fs.ErrNotExist): // the directory has just gone: it is missing
	case err != nil && s.err == nil:
		s.err = fmt.Errorf("looking at %s: %w", printable(name), cause(err))
	}
}

// entry describes what is there; what cannot follow has no kind.
func (s *source) entry(root *os.Root, name, rel string) (entry, error) {
	if rel == "" {
		rel = "."
	}
	info, err := root.Lstat(rel)
	if err != nil {
		return entry{}, err
	}
	stat, is := info.Sys().(*syscall.Stat_t)
	if !is {
		return entry{}, errors.New("its attributes cannot be read")
	}
	e := entry{Path: []byte(name), Mode: stat.Mode & 0o7777, UID: int(stat.Uid), GID: int(stat.Gid), Time: info.ModTime().UnixNano()}
	s.owners.name(&e)
	switch {
	case info.IsDir():
		e.Kind = kindDir
	case info.Mode().IsRegular():
		e.Kind, e.Size = kindFile, info.Size()
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := root.Readlink(rel)
		if err != nil {
			return entry{}, err
		}
		e.Kind, e.Target = kindLink, []byte(target)
	}
	return e, nil
}

// sorted has each directory before what is in it, and what is gone last.
func (s *source) sorted() []entry {
	items := make([]entry, 0, len(s.items))
	for _, e := range s.items {
		items = append(items, e)
	}
	slices.SortFunc(items, func(a, b entry) int {
		if gone := b2i(a.Kind == kindGone) - b2i(b.Kind == kindGone); gone != 0 {
			return gone
		}
		return strings.Compare(string(a.Path), string(b.Path))
	})
	return items
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
