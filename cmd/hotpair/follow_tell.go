package main

import (
	"cmp"
	"context"
	"sync"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
)

// telling logs how runs went, each trouble once, and mails root when one begins
// and when it is over. It outlives a change of the configuration.
type telling struct {
	app  *app
	host *host.Host
	all  string // what is replicated, in words

	mu       sync.Mutex
	troubles map[string]*trouble // of each part, or of the peer, while it lasts
	noted    map[string]bool     // what was told once and for all
}

// trouble is why a part is not replicated, or nothing is.
type trouble struct {
	Mailed string          `json:"mailed"` // to root
	Parts  map[string]bool `json:"parts"`  // that failed by it and were not replicated since
	said   map[string]bool // one whose text changes to and fro is told once by each
	what   string
	last   string
	single bool // it is only single files that could not be sent
}

// What the record says of a run, which the history tells better.
const (
	wasReplicated    = "replicated"
	notReplicated    = "not replicated"
	replicatedByHand = "replicated by hand"
)

// ofPeer is the trouble by which nothing is replicated.
const ofPeer = "peer"

func (t *telling) entry(ctx context.Context, e replicate.Entry) {
	if e.Result == replicate.Failed || e.Result == replicate.Waiting {
		if ctx.Err() == nil {
			t.failed(ctx, e)
		}
		return
	}
	log := t.app.log.With("what", e.What)
	if e.Result == replicate.Unchanged {
		log.Debug("nothing to replicate", "compared", e.Looked, "took", e.Took)
	} else {
		log.Info(wasReplicated, "new", e.Inserted, "changed", e.Changed, "deleted", e.Deleted, "why", e.Why, "took", e.Took)
	}
	for _, note := range e.Notes {
		log.Info("note", "text", note)
	}
	for _, warning := range e.Warnings {
		t.once("note", "text", warning)
	}
	t.well(ctx, e, e.What)
	t.well(ctx, e, ofPeer)
}

// once tells something one time.
func (t *telling) once(message, key, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if said := message + " " + text; !t.noted[said] {
		t.noted[said] = true
		t.app.log.Info(message, key, text)
	}
}

// failed tells of a trouble. While a whole run fails, what single files fail at
// is nothing new, and neither is another sign of a peer that is not reached.
func (t *telling) failed(ctx context.Context, e replicate.Entry) {
	key, sign := e.What, e.Error
	if e.Away {
		key = ofPeer
	} else {
		t.well(ctx, e, ofPeer)
	}
	if e.Unreached {
		sign = "unreached"
	}
	now := t.troubled(key, e)
	if now.said[sign] || e.Single && !now.single {
		return
	}
	now.said[sign], now.last, now.single = true, e.Error, e.Single && !e.Away
	t.app.log.Warn(notReplicated, "what", now.what, "error", e.Error)
	if now.Mailed == "" {
		now.Mailed = e.Error
		t.mail(ctx, is(now.what)+" not replicated", e.Error)
	}
	t.remember()
}

// troubled is a trouble that a part has now, perhaps a new one.
func (t *telling) troubled(key string, e replicate.Entry) *trouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.troubles[key]
	if now == nil {
		now = &trouble{Parts: map[string]bool{}, single: e.Single}
		t.troubles[key] = now
	}
	if now.said == nil {
		now.said, now.what = map[string]bool{}, e.What
		if e.Away {
			now.what, now.single = t.all, e.Single
		}
	}
	now.Parts[e.What] = true
	return now
}

// well tells that a trouble is over, once no part has it any more.
func (t *telling) well(ctx context.Context, e replicate.Entry, key string) {
	was := t.troubles[key]
	if was == nil || key != ofPeer && e.Single && !was.single {
		return
	}
	if !t.over(was, e.What, key) {
		return
	}
	what := cmp.Or(was.what, e.What)
	t.app.log.Info("replicated again", "what", what, "was", cmp.Or(was.last, was.Mailed))
	t.mail(ctx, is(what)+" replicated again", "It failed with: "+was.Mailed)
	t.remember()
}

// over takes a part out of a trouble, and the trouble away with the last one.
func (t *telling) over(was *trouble, part, key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if delete(was.Parts, part); len(was.Parts) > 0 {
		return false
	}
	delete(t.troubles, key)
	return true
}

// inTrouble tells whether a part was last told not to be replicated.
func (t *telling) inTrouble(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	whole := t.troubles[ofPeer]
	return t.troubles[what] != nil || whole != nil && whole.Parts[what]
}

// is says that something is, or are.
func is(what string) string {
	if what == replicate.DatabaseName {
		return "the " + what + " is"
	}
	return "the " + what + " are"
}
