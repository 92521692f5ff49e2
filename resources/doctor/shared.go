package doctor

import (
	"context"
	"sync"
)

// shared is something that several checks need and that is looked at once.
type shared[T any] struct {
	do   func(ctx context.Context) (T, error)
	once sync.Once
	done chan struct{}

	value T
	err   error
}

func share[T any](do func(ctx context.Context) (T, error)) *shared[T] {
	return &shared[T]{do: do, done: make(chan struct{})}
}

// get waits for it as long as its own context lasts; to look goes on for as long
// as the run does.
func (s *shared[T]) get(ctx, run context.Context) (none T, _ error) {
	s.once.Do(func() {
		go func() {
			defer close(s.done)
			s.value, s.err = s.do(run)
		}()
	})
	select {
	case <-s.done:
		return s.value, s.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// had is what has been found already; false: nothing yet.
func (s *shared[T]) had() (none T, _ bool) {
	select {
	case <-s.done:
		return s.value, s.err == nil
	default:
		return none, false
	}
}
