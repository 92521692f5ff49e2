package timeline

import (
	"context"
	"errors"
	"io"
)

// Source gives entries in order; io.EOF after the last.
type Source interface {
	Next(ctx context.Context) (Entry, error)
}

var (
	_ Source = (*Log)(nil)
	_ Source = (*List)(nil)
)

// List is a source of entries that are known already.
type List []Entry

// Next takes the first entry.
func (l *List) Next(context.Context) (Entry, error) {
	if len(*l) == 0 {
		return Entry{}, io.EOF
	}
	e := (*l)[0]
	*l = (*l)[1:]
	return e, nil
}

// Merge gives the entries of all sources in order; those of one moment in the
// order of the sources.
func Merge(ctx context.Context, sources []Source, each func(Entry)) error {
	heads := make([]*Entry, len(sources))
	fill := func(i int) error {
		e, err := sources[i].Next(ctx)
		if heads[i] = &e; errors.Is(err, io.EOF) {
			heads[i], err = nil, nil
		}
		return err
	}
	for i := range sources {
		if err := fill(i); err != nil {
			return err
		}
	}
	for {
		first := -1
		for i, head := range heads {
			if head != nil && (first < 0 || head.At.Before(heads[first].At)) {
				first = i
			}
		}
		if first < 0 {
			return nil
		}
		each(*heads[first])
		if err := fill(first); err != nil {
			return err
		}
	}
}
