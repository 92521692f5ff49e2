package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
)

// errLate is the fate of what did not become so in time.
var errLate = errors.New("it took too long")

// watch looks at the daemon and the phones until something is so, and tells what
// the daemon says meanwhile.
func (r *rehearsal) watch(ctx context.Context, limit time.Time, is func(takeover.Standing) (bool, error)) error {
	for time.Now().Before(limit) {
		s, told := r.app.stands(r.host)
		r.hear(s, told)
		if !told {
			return errors.New("`hotpair watch` ended meanwhile: see `journalctl -u hotpair`")
		}
		if done, err := is(s); done || err != nil {
			return err
		}
		if err := r.phones.Refused(); err != nil {
			return err
		}
		if err := wait(ctx, lookEvery); err != nil {
			return interrupted(ctx, err)
		}
	}
	return errLate
}

// interrupted words the error of who was interrupted.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}

// hear tells what the daemon says, where that is new.
func (r *rehearsal) hear(s takeover.Standing, told bool) {
	if told && s.Reason != r.said {
		r.said = s.Reason
		r.say(s)
	}
}

func (r *rehearsal) tell(format string, args ...any) {
	text := host.OneLine(fmt.Sprintf(format, args...))
	if r.app.json {
		r.app.emit("info", text, "drill_progress", nil)
		return
	}
	fmt.Fprintln(r.app.out, text)
}

// concluded tells what came of it.
func (r *rehearsal) concluded(ctx context.Context, wrong, back error) error {
	code := exitError
	if ctx.Err() != nil {
		code = exitInterrupted
	}
	switch {
	case back != nil && wrong != nil:
		return &exit{code: exitError, changed: true, cause: fmt.Errorf("%w; and then: %w", wrong, back)}
	case back != nil:
		return &exit{code: exitError, changed: true, cause: back}
	case wrong != nil:
		return &exit{code: code, changed: true, cause: fmt.Errorf("%w. The master has its place again since %s", wrong, clock(r.returned))}
	}
	budget, err := r.budget(context.WithoutCancel(ctx))
	if err != nil {
		return &exit{code: exitError, changed: true, cause: err}
	}
	r.app.showDrill(r, budget)
	if len(r.over()) > 0 {
		return &exit{code: exitDifferent}
	}
	return nil
}
