package units

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

const (
	lookEvery = 10 * time.Second
	// settles is how long a unit may be as somebody else, or a failure, left it.
	settles = time.Minute
)

// A Keeper has units run, or not: at once when that changes, and again where
// they have strayed for a minute. It works beside its caller, so that a unit
// that hangs or fails holds nothing up. Without units it does nothing.
type Keeper struct {
	Set Set
	Log *slog.Logger

	begun, run bool
	looked     time.Time
	cancel     context.CancelFunc // of what is under way; nil: nothing ever was
	group      sync.WaitGroup
	busy       atomic.Bool
	strayed    time.Time // since when units are astray; for whoever is busy

	mu      sync.Mutex
	failure string
}

// Keep says whether the units are to run from now on. Call it every second or
// so, from one goroutine: what is under way for the opposite is cut short, and
// then undone. At rest, what somebody else does with the units is left to him.
func (k *Keeper) Keep(ctx context.Context, run, rest bool) {
	turned, now := !k.begun || k.run != run, time.Now()
	switch {
	case len(k.Set.Names) == 0:
		return
	case k.busy.Load():
		if turned {
			k.cancel()
		}
		return
	case !k.begun && rest:
		k.begun, k.run = true, run
		return
	case !turned && (rest || now.Sub(k.looked) < lookEvery):
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	k.begun, k.run, k.looked, k.cancel = true, run, now, cancel
	k.busy.Store(true)
	k.group.Go(func() {
		defer k.busy.Store(false)
		defer cancel()
		if failure, told := k.look(ctx, run, turned); told && ctx.Err() == nil {
			k.tell(failure)
		}
	})
}

// look brings back what is astray; false: nothing is known that was not.
func (k *Keeper) look(ctx context.Context, run, turned bool) (failure string, told bool) {
	now := time.Now()
	if turned { // nothing is waited for, also where the first look fails
		k.strayed = now.Add(-settles)
	}
	astray, err := k.Set.Astray(ctx, run)
	switch {
	case err != nil:
		return host.OneLine(err.Error()), true
	case len(astray) == 0:
		k.strayed = time.Time{}
		return "", true
	case k.strayed.IsZero():
		k.strayed = now
		return "", false
	case now.Sub(k.strayed) < settles:
		return "", false
	}
	err = k.Set.Bring(ctx, run, astray)
	k.strayed = time.Time{}
	if err != nil {
		return host.OneLine(err.Error()), true
	}
	k.Log.Info("units are brought to where they belong", "verb", verb(run), "units", strings.Join(astray, ", "), "strayed", !turned)
	return "", true
}

// tell logs what is new.
func (k *Keeper) tell(failure string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case failure == k.failure:
	case failure == "":
		k.Log.Info("the units are as they should be again")
	default:
		k.Log.Error("units are not as they should be; it is tried again each minute", "error", failure)
	}
	k.failure = failure
}

// Failure is why the units are not as they should be; "": they are, or are not
// looked after.
func (k *Keeper) Failure() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.failure
}

// End waits for what is under way, which a cancelled context cuts short. The
// units stay as they are.
func (k *Keeper) End() {
	if k.cancel != nil {
		k.cancel()
	}
	k.group.Wait()
}
