package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/schema"
)

// board is where the daemon leaves how the node stands, for those who want to know
// between two passes: the dashboard, the metrics, the alerts. What moves without a
// pass is looked up when they ask, at most as often as its cost allows.
type board struct {
	app  *app
	host *host.Host

	text    schema.Secret // of the configuration by which the outage was told
	counted time.Time     // when its phones were

	asked  sync.Mutex // held while one of them is answered
	behind time.Time  // when the database was last asked for what changed

	mu   sync.Mutex
	node *node // nil: no pass could look yet
	last status.Status
	why  string    // what keeps the node from being looked at; "": nothing does
	at   time.Time // when a pass last looked
}

const (
	// behindEvery is how old an answer of the database may be that somebody sees.
	behindEvery = 15 * time.Second
	// budgetEvery is how old the count of phones may be by which the outage is told.
	budgetEvery = time.Hour
)

// saw takes over what a pass found; phones: it looked at them, too.
func (b *board) saw(ctx context.Context, n *node, p reconcile.Plan, phones bool) {
	s, err := n.status(p)
	if err != nil {
		b.blind(err)
		return
	}
	_, last := b.held()
	s.Outage, s.Budget, s.Replication = last.Outage, last.Budget, last.Replication
	if old := n.cfg.Text() != b.text || phones && time.Since(b.counted) > budgetEvery; old {
		o := n.outage(ctx, p)
		s.Outage, s.Budget, b.text, b.counted = resources.OutageStatus(o), nil, n.cfg.Text(), time.Now()
		if o != nil {
			s.Budget = b.app.outageLines(n.cfg, *o)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.node, b.last, b.why, b.at = n, s, "", time.Now()
}

// blind records why a pass could not look.
func (b *board) blind(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.why = host.OneLine(err.Error())
}

// looked is what a pass last looked at, and when; nil: none could yet.
func (b *board) looked() (*node, time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.node, b.at
}

func (b *board) held() (*node, status.Status) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.last
	if b.why != "" {
		s.Unseen = append(slices.Clone(s.Unseen), b.why)
	}
	return b.node, s
}

// status is how the node stands now; false: no pass could look yet. behind has
// the database asked for what changed since the last replication.
func (b *board) status(ctx context.Context, behind bool) (s status.Status, known bool) {
	b.asked.Lock()
	defer b.asked.Unlock()
	n, s := b.held()
	if n == nil {
		s.At, s.Watch = time.Now(), status.Watched(b.host)
		return s, false
	}
	err := b.app.live(n, &s)
	if list, again := b.replication(ctx, n, s.Replication, behind); again == nil {
		s.Replication = list
	} else {
		err = errors.Join(err, again)
	}
	if err != nil {
		s.Unseen = append(slices.Clone(s.Unseen), host.OneLine(err.Error()))
	}
	return s, true
}

// replication is how it stands now. What changed since is kept from the last time
// that somebody asked for it.
func (b *board) replication(ctx context.Context, n *node, last []replicate.Standing, behind bool) ([]replicate.Standing, error) {
	behind = behind && time.Since(b.behind) > behindEvery
	list, err := n.standings(ctx, behind)
	if err != nil {
		return nil, err
	}
	if behind {
		b.behind = time.Now()
	}
	for i, now := range list {
		for _, was := range last {
			if was.What == now.What && !behind && now.Good.Equal(was.Good) {
				list[i].Behind, list[i].Unseen = was.Behind, was.Unseen
			}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last.Replication = list
	return list, nil
}
