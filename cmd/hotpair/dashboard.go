package main

import (
	"context"
	"net/http"
	"os"

	"github.com/hotpair/hotpair/resources/dashboard"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
)

// dashboard serves the page that shows how the pair stands, as the board tells.
func (b *board) dashboard() (http.Handler, error) {
	name, err := os.Hostname()
	if err != nil {
		name = "this node"
	}
	recent := &replicate.Latest{Host: b.host}
	return dashboard.Handler(dashboard.Options{Node: name, Log: b.app.log, Look: func(ctx context.Context) dashboard.Input {
		s, known := b.status(ctx, true)
		history, err := recent.History()
		if err != nil {
			s.Unseen = append(s.Unseen, host.OneLine("the history of the replication: "+err.Error()))
		}
		return dashboard.Input{Status: s, Known: known, History: history}
	}})
}
