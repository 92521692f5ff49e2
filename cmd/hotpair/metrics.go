package main

import (
	"context"
	"net/http"
	"os"
	"sync"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/metrics"
	"github.com/hotpair/hotpair/resources/replicate"
)

// measuring tells how the node stands in figures, to whoever asks by HTTP and in
// the textfile.
type measuring struct {
	board  *board
	counts *metrics.Counts
	file   textfile

	mu     sync.Mutex // held while the history is counted
	recent replicate.Recent
}

func newMeasuring(b *board) *measuring {
	m := &measuring{board: b, counts: metrics.NewCounts(), recent: replicate.Recent{Host: b.host}}
	m.file = textfile{app: b.app, host: b.host, prods: make(chan struct{}, 1), text: func(ctx context.Context) ([]byte, error) {
		return metrics.Text(m.sample(ctx), m.counts)
	}}
	return m
}

func (m *measuring) handler() http.Handler { return metrics.Handler(m.sample, m.counts) }

// turned counts a takeover or a failback, and has it written at once.
func (m *measuring) turned(serve bool) {
	m.counts.Turned(serve)
	m.file.prod()
}

// sample is how the node stands now.
func (m *measuring) sample(ctx context.Context) metrics.Sample {
	m.count()
	s, known := m.board.status(ctx, true)
	n, looked := m.board.looked()
	all := metrics.Sample{Status: s, Known: known, Version: version, Looked: looked}
	if n != nil {
		all.Role, all.System = string(n.cfg.Node.Role), n.cfg.Platform.Name
	}
	if info, err := os.Stat(m.board.host.Host(acceptedPath)); err == nil {
		all.Accepted = info.ModTime()
	}
	switch {
	case s.Failover != nil:
		all.Serves = &s.Failover.Serving
	case n != nil && !resources.Decides(n.cfg):
		serves := resources.Serves(n.cfg, n.host)
		all.Serves = &serves
	}
	return all
}

// count counts what was replicated since the last time.
func (m *measuring) count() {
	m.mu.Lock()
	defer m.mu.Unlock()
	list, err := m.recent.Runs()
	if err != nil {
		m.board.app.log.Debug("the history is not counted", "error", err)
	}
	for _, e := range list {
		m.counts.Ran(e)
	}
}
