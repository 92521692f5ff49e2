package files

import (
	"context"
	"errors"
	"fmt"
	"io"
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
