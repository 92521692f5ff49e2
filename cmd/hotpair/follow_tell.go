package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
)

// telling logs how runs went, each trouble once, and mails root when one begins
// and when it is over.
type telling struct {
	app     *app
	host    *host.Host
	failing map[string]string // what was last told of each part
}

// mailLimit is how long sending a mail may take.
const mailLimit = 30 * time.Second

func (t *telling) entry(ctx context.Context, e replicate.Entry) {
	log := t.app.log.With("what", e.What)
	was := t.failing[e.What]
	switch e.Result {
	case replicate.Failed, replicate.Waiting:
		if e.Error == was || ctx.Err() != nil {
			return
		}
		t.failing[e.What] = e.Error
		log.Warn("not replicated", "error", e.Error)
		if was == "" {
			t.mail(ctx, "the "+e.What+" is not replicated", e.Error)
		}
		return
	case replicate.Unchanged:
		log.Debug("nothing to replicate", "compared", e.Looked, "took", e.Took)
	default:
		log.Info("replicated", "new", e.Inserted, "changed", e.Changed, "deleted", e.Deleted, "why", e.Why, "took", e.Took)
	}
	for _, note := range e.Notes {
		if e.Result != replicate.Unchanged {
			log.Info("note", "text", note)
		}
	}
	if was != "" {
		delete(t.failing, e.What)
		log.Info("replicated again", "was", was)
		t.mail(ctx, "the "+e.What+" is replicated again", "It failed with: "+was)
	}
}

// mail tells root, where the node has a mailer.
func (t *telling) mail(ctx context.Context, subject, text string) {
	name, err := os.Hostname()
	if err != nil {
		name = "this node"
	}
	ctx, cancel := context.WithTimeout(ctx, mailLimit)
	defer cancel()
	err = resources.MailRoot(ctx, t.host, fmt.Sprintf("hotpair on %s: %s", name, subject), text+"\n\n`hotpair status` and `hotpair history` tell more.")
	if err != nil {
		t.app.log.Warn("root is not mailed", "error", err)
	}
}
