package main

import (
	"context"
	"sync"

	"github.com/hotpair/hotpair/resources/replicate"
)

// telling logs how runs went, each trouble once, and its end. It outlives a change
// of the configuration.
type telling struct {
	app  *app
	news func() // hears that a trouble began or ended
	all  string // what is replicated, in words

	mu       sync.Mutex
	troubles map[string]*trouble // of each part, or of the peer, while it lasts
	noted    map[string]bool     // what was told once and for all
}

// trouble is why a part is not replicated, or nothing is.
type trouble struct {
	parts  map[string]bool // that failed by it and were not replicated since
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

func newTelling(a *app, news func()) *telling {
	return &telling{app: a, news: news, troubles: map[string]*trouble{}, noted: map[string]bool{}}
}

// ofPeer is the trouble by which nothing is replicated.
const ofPeer = "peer"

func (t *telling) entry(ctx context.Context, e replicate.Entry) {
	if e.Result == replicate.Failed || e.Result == replicate.Waiting {
		if ctx.Err() == nil {
			t.failed(e)
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
	t.well(e, e.What)
	t.well(e, ofPeer)
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
func (t *telling) failed(e replicate.Entry) {
	key, sign := e.What, e.Error
	if e.Away {
		key = ofPeer
	} else {
		t.well(e, ofPeer)
	}
	if e.Unreached {
		sign = "unreached"
	}
	now := t.troubled(key, e)
	if now.said[sign] || e.Single && !now.single {
		return
	}
	now.said[sign], now.single = true, e.Single && !e.Away
	t.mu.Lock()
	now.last = e.Error
	t.mu.Unlock()
	t.app.log.Warn(notReplicated, "what", now.what, "error", e.Error)
	t.news()
}

// troubled is a trouble that a part has now, perhaps a new one.
func (t *telling) troubled(key string, e replicate.Entry) *trouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.troubles[key]
	if now == nil {
		now = &trouble{parts: map[string]bool{}, said: map[string]bool{}, what: e.What, single: e.Single}
		if e.Away {
			now.what = t.all
		}
		t.troubles[key] = now
	}
	now.parts[e.What] = true
	return now
}

// well tells that a trouble is over, once no part has it any more.
func (t *telling) well(e replicate.Entry, key string) {
	was := t.troubles[key]
	if was == nil || key != ofPeer && e.Single && !was.single {
		return
	}
	if !t.over(was, e.What, key) {
		return
	}
	t.app.log.Info("replicated again", "what", was.what, "was", was.last)
	t.news()
}

// over takes a part out of a trouble, and the trouble away with the last one.
func (t *telling) over(was *trouble, part, key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if delete(was.parts, part); len(was.parts) > 0 {
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
	return t.troubles[what] != nil || whole != nil && whole.parts[what]
}

// failing is why each part was last not replicated that was not since.
func (t *telling) failing() map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[string]string{}
	for _, trouble := range t.troubles {
		for part := range trouble.parts {
			all[part] = trouble.last
		}
	}
	return all
}
