package files

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
)

// Send brings exactly these paths of the standby to what they are here: files,
// directories without what is in them, symbolic links; of what is gone here
// everything is deleted. The directories above come along. Excluded paths and
// what is neither file, directory nor link is passed over, and so is what lies
// in a declared directory that this node has not.
//
// A file that changes while it is read is not written but named in Again. Many
// paths are sent by Run. An error that wraps ErrBroken ends the session; with
// any other, what could be done was done. A *DeletesError means that all but
// the deletes was done.
func (s *Session) Send(ctx context.Context, paths []string) (Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return Result{}, s.broken
	}
	there, missing, err := s.options.ready()
	if err != nil {
		return Result{}, err
	}
	src := newSource(s.options.Host, there, s.owners)
	defer src.close()
	for _, name := range paths {
		if dir, _ := within(s.options.Directories, name); dir == "" || !clean(name) {
			return Result{}, fmt.Errorf("path %q lies in no declared directory", name)
		}
		if !s.exclude.match(name) {
			src.add(name)
		}
	}
	items := src.sorted()
	if src.err != nil {
		return Result{}, src.err
	}
	if tooMany(items) {
		return s.options.Run(ctx)
	}
	defer context.AfterFunc(ctx, func() { _ = s.conn.Close() })()
	s.idle.Reset(silence)
	defer s.idle.Stop()
	result, err := s.batch(src, items)
	result.Missing = missing
	if errors.Is(err, ErrBroken) {
		s.broken = errors.Join(ctx.Err(), err)
		err = errors.Join(s.broken, s.Close())
	}
	return result, err
}

// tooMany tells that items might be more than a batch takes.
func tooMany(items []entry) bool {
	bytes := 0
	for _, e := range items {
		bytes += 500 + 2*len(e.Path) + 2*len(e.Target) // as JSON, at most
	}
	return len(items) > maxItems || bytes > maxHeaders
}

// batch speaks the protocol once.
func (s *Session) batch(src *source, items []entry) (Result, error) {
	result := Result{Looked: len(items)}
	if len(items) == 0 {
		return result, nil
	}
	for _, e := range append(slices.Clip(items), entry{Kind: kindEnd}) {
		if err := s.wire.writeJSON(e); err != nil {
			return result, fmt.Errorf("%w: %w", ErrBroken, err)
		}
	}
	needs, err := s.readNeeds(len(items))
	if err != nil {
		return result, err
	}
	failed, err := s.sendContents(src, items, needs, &result)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return s.readOutcomes(items, result, failed)
}

func (s *Session) readNeeds(n int) ([]byte, error) {
	if err := s.wire.w.Flush(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	answer, err := s.wire.readFrame()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	case len(answer) > 0 && answer[0] == objectionMark:
		return nil, fmt.Errorf("%w: it refuses: %s", ErrBroken, printable(string(answer[1:])))
	case len(answer) != n+1 || answer[0] != needsMark:
		return nil, fmt.Errorf("%w: its answer makes no sense", ErrBroken)
	}
	return answer[1:], nil
}

// sendContents sends what is needed. An error of a file of this node is
// gathered; one of the link ends it.
func (s *Session) sendContents(src *source, items []entry, needs []byte, result *Result) (failed []string, err error) {
	total := int64(0)
	for i, e := range items {
		if e.Kind == kindFile && needs[i] == needContent {
			total += e.Size
		}
	}
	for i, e := range items {
		if e.Kind != kindFile || needs[i] != needContent {
			continue
		}
		reading, err := src.send(s.wire, e)
		switch {
		case err != nil:
			return failed, err
		case errors.Is(reading, errMoved):
			result.Again = append(result.Again, string(e.Path))
		case reading != nil:
			failed = append(failed, fmt.Sprintf("%s: %s on this node", printable(string(e.Path)), cause(reading)))
		default:
			result.Bytes += e.Size
		}
		if s.options.Progress != nil {
			s.options.Progress(result.Bytes, total)
		}
	}
	return failed, s.wire.w.Flush()
}

func (s *Session) readOutcomes(items []entry, result Result, failed []string) (Result, error) {
	for range len(items) + 1 {
		var o outcome
		if _, err := s.wire.readJSON(&o); err != nil {
			return result, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		switch {
		case o.Last && len(failed) > 0:
			return result, errors.New("copying to the peer: " + shorten(failed))
		case o.Last && o.Refused:
			return result, &DeletesError{Deletes: o.Deletes, Of: o.Of, Percent: s.options.MaxDelete}
		case o.Last:
			return result, nil
		case o.Item < 0 || o.Item >= len(items):
			return result, fmt.Errorf("%w: its answer makes no sense", ErrBroken)
		case o.Error != "":
			failed = append(failed, printable(o.Error))
		default:
			e := items[o.Item]
			change := Change{Path: path.Clean(string(e.Path)), Verb: o.Verb}
			if e.Kind == kindFile && o.Verb != Attributes {
				change.Size = e.Size
			}
			result.Changes = append(result.Changes, change)
		}
	}
	return result, fmt.Errorf("%w: its answer does not end", ErrBroken)
}
