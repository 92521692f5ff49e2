package main

import (
	"context"
	"os"
	"sync"
	"time"

	reconciled "github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/alert"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/schema"
)

// alerting tells others while the daemon runs when the pair is not well.
type alerting struct {
	host    *host.Host
	board   *board
	failing func() map[string]string // what could not be replicated
	desk    *alert.Desk
	used    bool // somebody is told
	cancel  context.CancelFunc
	group   sync.WaitGroup

	mu        sync.Mutex
	schedules map[string]string // of what is replicated from here

	lag   alert.Lag
	asked time.Time // when the database was last asked what is behind
}

// lagEvery is how often the database is asked what is behind.
const lagEvery = 5 * time.Minute

func newAlerting(a *app, b *board, failing func() map[string]string) *alerting {
	t := &alerting{host: b.host, board: b, failing: failing}
	t.desk = alert.New(alert.Options{Host: b.host, Log: a.log, Look: t.look})
	return t
}

func (t *alerting) begin(ctx context.Context) {
	ctx, t.cancel = context.WithCancel(ctx)
	t.group.Go(func() { t.desk.Run(ctx) })
}

func (t *alerting) end() {
	if t.cancel != nil {
		t.cancel()
		t.group.Wait()
	}
}

// use takes over the configuration in force, and the one by which data is
// replicated; nil: there is none. Who was told before is told then as well.
func (t *alerting) use(cfg, followed *schema.Config) {
	schedules := map[string]string{}
	if followed != nil && resources.Follows(followed) {
		if r := followed.Replication; r.Database {
			schedules[replicate.DatabaseName] = r.Schedule
		}
		if r := followed.Replication; r.Files {
			schedules[replicate.FilesName] = r.FilesSchedule
		}
	}
	t.mu.Lock()
	t.schedules = schedules
	t.mu.Unlock()
	if cfg != nil || !t.used {
		t.desk.Use(resources.Receivers(cfg, t.host))
	}
	t.used = true
}

// look is which conditions last now.
func (t *alerting) look(ctx context.Context) (reconciled.Look, alert.Node) {
	t.mu.Lock()
	schedules := t.schedules
	t.mu.Unlock()
	behind := schedules[replicate.DatabaseName] == schema.OnChange && time.Since(t.asked) > lagEvery
	s, known := t.board.status(ctx, behind)
	if behind {
		t.asked, t.lag = time.Now(), t.lag.See(s.Replication, time.Now())
	}
	f := alert.Facts{Status: s, Known: known, Schedules: schedules, Failing: t.failing(), Behind: t.lag}
	return f.Look(), alert.Node{Name: hostname(), Role: s.Wanted, Peer: s.Peer}
}

// hostname is how this node calls itself.
func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "this node"
	}
	return name
}
