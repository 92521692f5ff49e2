package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// acceptedPath is where the configuration in force is kept: what the daemon, or
// an apply, last took over.
const acceptedPath = "/var/lib/hotpair/accepted.json"

// accept keeps sources as the configuration in force. They may hold secrets.
func accept(h *host.Host, sources []schema.Source) error {
	text, err := json.Marshal(sources)
	if err != nil {
		return err
	}
	old, err := h.Read(acceptedPath)
	if err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := h.MakeDir(path.Dir(acceptedPath), 0o755); err != nil {
		return err
	}
	return h.Write(acceptedPath, text, 0o600)
}

// accepted is the configuration in force; nil: there is none.
func (a *app) accepted(h *host.Host) (*schema.Config, []schema.Source, error) {
	text, err := h.Read(acceptedPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	var sources []schema.Source
	if err == nil {
		err = json.Unmarshal(text, &sources)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the configuration in force, %s: %w", acceptedPath, err)
	}
	cfg, diags := schema.Load(sources, a.options(h))
	if diags.HasErrors() {
		return nil, nil, fmt.Errorf("the configuration in force, %s, is not valid any more: %s", acceptedPath, oneLine(&badConfig{diags}, sources))
	}
	return cfg, sources, nil
}

// chosen is what a pass goes by.
type chosen struct {
	cfg     *schema.Config // nil: there is none
	sources []schema.Source
	touch   bool   // not only looked at
	waits   string // why a newer one is not in force
	problem string // why there is none newer
}

// followed is the configuration by which data is replicated; nil: none is.
func (c chosen) followed() *schema.Config {
	if !c.touch {
		return nil
	}
	return c.cfg
}

// choose takes ha.hcl, or the last good one where it cannot be used or has to
// wait.
func (w *watching) choose() chosen {
	inForce, sources, err := w.app.accepted(w.host)
	candidate, bad := w.app.load(w.host)
	switch {
	case bad != nil && inForce == nil:
		return chosen{problem: oneLine(errors.Join(bad, err), w.app.sources)}
	case bad != nil:
		return chosen{cfg: inForce, sources: sources, touch: inForce.Watch.Mode != "observe", problem: oneLine(bad, w.app.sources)}
	}
	c := chosen{cfg: candidate, sources: w.app.sources, touch: candidate.Watch.Mode != "observe"}
	if err != nil {
		c.problem = err.Error()
	}
	if c.waits = w.waits(inForce, candidate); c.waits == "" {
		return c
	}
	if inForce == nil {
		c.touch = false
		return c
	}
	c.cfg, c.sources = inForce, sources
	return c
}

// waits tells why a configuration does not come into force by itself.
func (w *watching) waits(inForce, candidate *schema.Config) string {
	if candidate.Actions.RoleChange != "auto" {
		if why := loop.RoleGuard(w.role(inForce, candidate), string(candidate.Node.Role), resources.Serves(candidate, w.host)); why != "" {
			return why + ". This waits for `hotpair apply`"
		}
	}
	if inForce != nil && inForce.Watch.Mode == "heal" && inForce.Text() != candidate.Text() {
		return "ha.hcl has changed. In mode heal this waits for `hotpair apply`"
	}
	return ""
}

// role is the one that the node has: as accepted or, before that, as the ledger
// or the node itself records.
func (w *watching) role(inForce, candidate *schema.Config) string {
	if inForce != nil {
		return string(inForce.Node.Role)
	}
	ledger, err := reconcile.OpenLedger(w.host.Root)
	if err == nil {
		if role := resources.LastRole(ledger); role != "" {
			return string(role)
		}
	}
	found, err := resources.Recorded(w.host, candidate.Platform)
	if err != nil {
		return ""
	}
	return string(found.Role)
}

// oneLine is an error for a log: of diagnostics the first, with its place.
func oneLine(err error, sources []schema.Source) string {
	var bad *badConfig
	if !errors.As(err, &bad) {
		return err.Error()
	}
	r := schema.Render(bad.diags, sources)[0]
	return fmt.Sprintf("%s: %s. %s", r.Place(), r.Summary, r.Detail)
}
