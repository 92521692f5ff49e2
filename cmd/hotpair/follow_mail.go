package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
)

const (
	// mailLimit is how long sending a mail may take.
	mailLimit = 30 * time.Second
	// troublesPath is where the daemon remembers what root was mailed.
	troublesPath = "/run/hotpair/follow.json"
)

// newTelling recalls what an earlier daemon mailed, which is not mailed again.
func newTelling(a *app, h *host.Host) *telling {
	t := &telling{app: a, host: h, noted: map[string]bool{}, troubles: map[string]*trouble{}}
	text, err := h.Read(troublesPath)
	if err == nil {
		err = json.Unmarshal(text, &t.troubles)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.log.Warn("what root was mailed before is not known", "error", err)
	}
	for key, past := range t.troubles {
		if past == nil || past.Parts == nil {
			delete(t.troubles, key)
		}
	}
	return t
}

func (t *telling) remember() {
	if err := store(t.host, troublesPath, t.troubles); err != nil {
		t.app.log.Warn("what root was mailed is not stored", "error", err)
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
