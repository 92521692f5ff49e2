package main

import (
	"context"
	"net/http"
	"os"

	"github.com/hotpair/hotpair/resources/dashboard"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/record"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/timeline"
)

// mostLatest is how much of the history and of the record the page is made of.
const mostLatest = 200

// dashboard serves the page that shows how the pair stands, as the board tells.
func (b *board) dashboard() (http.Handler, error) {
	name, err := os.Hostname()
	if err != nil {
		name = "this node"
	}
	runs := &host.Latest[replicate.Entry]{Host: b.host, Path: replicate.HistoryPath, Read: replicate.History, Most: mostLatest}
	events := &host.Latest[timeline.Entry]{Host: b.host, Path: record.Path, Read: ownEvents, Most: mostLatest}
	return dashboard.Handler(dashboard.Options{Node: name, Log: b.app.log, Look: func(ctx context.Context) (in dashboard.Input) {
		in.Status, in.Known = b.status(ctx, true)
		unread := func(what string, err error) {
			if err != nil {
				in.Status.Unseen = append(in.Status.Unseen, host.OneLine(what+": "+err.Error()))
			}
		}
		in.History, err = runs.List()
		unread("the history of the replication", err)
		in.Events, err = events.List()
		unread("the record of what happened", err)
		return in
	}})
}
