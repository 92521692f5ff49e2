package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// Env is the node that is looked at.
type Env struct {
	Config *schema.Config
	Node   resources.Env
	// Version is hotpair's own.
	Version string
	// Own lists this node's addresses; nil: they are not known.
	Own func() []netip.Addr
	// Standing is how the failover stands; nil: no daemon tells.
	Standing *takeover.Standing
	// Fought is what the daemon leaves to somebody else who keeps changing it.
	Fought []string
	// Plan plans the node.
	Plan func(ctx context.Context, env resources.Env) (reconcile.Plan, error)
	// AskPeer has the peer asked, too.
	AskPeer bool
}

// ErrNoPair is that of a node that has no peer to be a pair with.
var ErrNoPair = resources.ErrNoPair

// Run looks at everything, or at what has one of the codes, and gives what it
// found in the order of the register; what the peer found about itself comes
// last. Its error says why nothing was looked at.
func Run(ctx context.Context, env Env, codes ...string) ([]Finding, error) {
	if env.Config.Node.Role == schema.Disabled {
		return nil, ErrNoPair
	}
	chosen, err := choose(codes)
	if err != nil {
		return nil, err
	}
	if env.AskPeer && env.Config.Node.Role == schema.Master {
		chosen = withPeers(chosen)
	}
	ctx, cancel := context.WithCancel(ctx)
	l := newLook(ctx, env)
	defer l.close()
	defer cancel()
	found := l.all(ctx, chosen)
	return append(found, l.peers(chosen)...), nil
}

// choose are the checks of these codes; without any, all.
func choose(codes []string) ([]Check, error) {
	all := Checks()
	for _, code := range codes {
		if !slices.ContainsFunc(all, func(c Check) bool { return c.Code == code }) {
			return nil, fmt.Errorf("there is no check %q.%s", code, schema.DidYouMean(code, Codes()))
		}
	}
	if len(codes) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(c Check) bool { return !slices.Contains(codes, c.Code) }), nil
}

// withPeers adds the check that has the peer tell what it found, where it could
// have found something about one of them.
func withPeers(checks []Check) []Check {
	const code = "peer-doctor"
	both := func(c Check) bool { return !c.peer }
	if !slices.ContainsFunc(checks, both) || slices.ContainsFunc(checks, func(c Check) bool { return c.Code == code }) {
		return checks
	}
	all := Checks()
	return append(checks, all[slices.IndexFunc(all, func(c Check) bool { return c.Code == code })])
}

// all does the checks side by side.
func (l *look) all(ctx context.Context, checks []Check) []Finding {
	found := make([]Finding, len(checks))
	var group sync.WaitGroup
	for i, c := range checks {
		group.Go(func() {
			v := l.within(ctx, c)
			found[i] = Finding{Code: c.Code, Result: v.result, Says: printable(v.says), Why: c.Why, Mend: printable(v.mend)}
		})
	}
	group.Wait()
	return found
}

// within does one check, for as long as its limit allows. One that does not
// return by then is left behind.
func (l *look) within(ctx context.Context, c Check) verdict {
	switch role := l.Config.Node.Role; {
	case c.peer && !l.AskPeer:
		return skipped("asked with --peer")
	case c.role != "" && c.role != role:
		return skipped("told by the %s", l.called(c.role))
	}
	limit := c.limit
	if limit == 0 {
		limit = usualLimit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan verdict, 1)
	go func() { done <- c.look(ctx, l) }()
	select {
	case v := <-done:
		if v.result == Unknown && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return late(limit)
		}
		return v
	case <-ctx.Done():
		return late(limit)
	}
}

func late(limit time.Duration) verdict {
	return unknown(fmt.Errorf("no answer in %g s", limit.Seconds()))
}

// called is a role as the platform calls it.
func (l *look) called(role schema.Role) string {
	if role == schema.Master {
		return l.Config.Platform.Active
	}
	return l.Config.Platform.Standby
}

// Amiss tells whether anything is to be mended, and whether anything could not be
// looked at.
func Amiss(found []Finding) (mend, unseen bool) {
	for _, f := range found {
		mend, unseen = mend || f.Result == Mend, unseen || f.Result == Unknown
	}
	return mend, unseen
}
