package files

import (
	"errors"
	"fmt"
	"io"
	"path"
)

// readItems reads to the end of the list even where it objects, so that the
// objection is heard.
func (r *receiver) readItems() (items []*received, objection, err error) {
	dirs := map[string]bool{}
	total := 0
	for {
		var e entry
		n, err := r.readJSON(&e)
		if err != nil && (len(items) > 0 || !errors.Is(err, io.EOF)) {
			return nil, nil, unexpected(err)
		}
		if err != nil {
			return nil, nil, err
		}
		if e.Kind == kindEnd {
			return items, objection, nil
		}
		if total += n; total > maxHeaders || len(items) >= maxItems {
			return nil, nil, errors.New("a batch is too long")
		}
		it, err := r.accept(e, dirs)
		if err != nil && objection == nil {
			objection = err
		}
		items = append(items, it)
	}
}

// accept checks an item: it lies in a declared directory, and in one that the
// batch named before as a directory. So no symbolic link can be on its way.
func (r *receiver) accept(e entry, dirs map[string]bool) (*received, error) {
	name := string(e.Path)
	dir, rel := within(r.tree.directories, name)
	switch {
	case !clean(name) || len(name) > maxPath:
		return nil, fmt.Errorf("path %q: it is not absolute and clean", short(name))
	case dir == "":
		return nil, fmt.Errorf("path %q: the peer declares no directory that holds it", name)
	case rel == "." && e.Kind != kindDir:
		return nil, fmt.Errorf("path %q: a declared directory must stay one", name)
	case rel != "." && !dirs[path.Dir(name)]:
		return nil, fmt.Errorf("path %q: its directory did not come before it", name)
	case e.Mode > 0o7777 || e.Size < 0 || e.UID < 0 || e.GID < 0:
		return nil, fmt.Errorf("path %q: its attributes are out of range", name)
	}
	switch e.Kind {
	case kindDir:
		dirs[name] = true
	case kindLink:
		if len(e.Target) == 0 || len(e.Target) > maxPath {
			return nil, fmt.Errorf("path %q: its target is out of range", name)
		}
	case kindFile, kindGone:
	default:
		return nil, fmt.Errorf("path %q: nothing is of kind %q", name, short(e.Kind))
	}
	return &received{entry: e, name: name, dir: dir, rel: rel}, nil
}

const maxPath = 4095 // bytes, PATH_MAX without its zero byte

// message is an error for the other end, short enough for a frame.
func message(err error) string { return short(err.Error()) }

func short(s string) string {
	const most = 2 << 10
	return s[:min(len(s), most)]
}
