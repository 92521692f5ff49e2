package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
)

// Serve is the peer's end of a Session. It takes what the master sends, writes
// below the given directories alone, and returns when the master is done (nil),
// the context ends, or the master says what it must not: that ends the session
// before anything of the batch is written. At its beginning it removes what an
// earlier one left half written.
//
// When the context ends, in and out are closed where they can be.
func Serve(ctx context.Context, in io.Reader, out io.Writer, directories []string) error {
	return newTree("/", directories).serve(ctx, in, out)
}

func (t *tree) serve(ctx context.Context, in io.Reader, out io.Writer) error {
	if err := checkDirectories(t.directories); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		for _, end := range []any{in, out} {
			if closer, is := end.(io.Closer); is {
				_ = closer.Close() // ends the read that is going on
			}
		}
	})
	defer stop()
	defer t.close()
	r, err := greet(newWire(in, out), t)
	for err == nil && ctx.Err() == nil {
		err = r.batch()
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, io.EOF):
		return nil
	}
	return fmt.Errorf("serving the master: %w", err)
}

func greet(c *wire, t *tree) (*receiver, error) {
	var hello greeting
	if _, err := c.readJSON(&hello); err != nil {
		return nil, err
	}
	answer := greeting{Version: version}
	exclude, err := newPatterns(hello.Exclude)
	if err == nil && hello.Version != version {
		err = fmt.Errorf("the master speaks version %d of the protocol, this node %d: install the same hotpair on both", hello.Version, version)
	}
	if err == nil {
		err = t.sweep()
	}
	if err != nil {
		answer.Error = message(err)
	}
	if writing := errors.Join(c.writeJSON(answer), c.w.Flush()); writing != nil || err != nil {
		return nil, errors.Join(err, writing)
	}
	t.exclude = exclude
	return &receiver{wire: c, tree: t, guard: &guard{percent: hello.MaxDelete}, owners: newOwners()}, nil
}

// receiver is the state of a session.
type receiver struct {
	*wire
	tree   *tree
	guard  *guard
	owners *owners
}

// batch takes one batch.
func (r *receiver) batch() error {
	items, objection, err := r.readItems()
	if err != nil {
		return err
	}
	if objection != nil {
		refusal := append([]byte{objectionMark}, message(objection)...)
		return errors.Join(objection, r.writeFrame(refusal), r.w.Flush())
	}
	needs := make([]byte, len(items))
	for i, it := range items {
		r.look(it)
		needs[i] = it.need
	}
	if err := errors.Join(r.writeFrame(append([]byte{needsMark}, needs...)), r.w.Flush()); err != nil {
		return err
	}
	defer r.forget(items)
	if err := r.readContents(items); err != nil {
		return err
	}
	return r.finish(items)
}

// The first byte of the answer to a batch's items.
const (
	needsMark     = 'n'
	objectionMark = '!'
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
