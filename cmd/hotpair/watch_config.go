package main

import (
	"errors"
	"fmt"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/schema"
)

// chosen is what a pass goes by.
type chosen struct {
	cfg     *schema.Config // nil: there is none
	fresh   bool           // it was just read and is to come into force
	idle    bool           // it waits, and no other is in force
	touch   bool           // not only looked at
	waits   string         // why a newer one is not in force
	problem string         // why there is none newer
	lost    string         // why what was in force cannot be used
}

// followed is the configuration by which data is replicated; nil: none is.
func (c chosen) followed() *schema.Config {
	if !c.touch {
		return nil
	}
	return c.cfg
}

// choose takes ha.hcl, or the last good one where it cannot be used or has to
// wait. A good file that says observe is obeyed in that also while it waits.
func (w *watching) choose() chosen {
	var c chosen
	inForce, made, err := w.app.inForce(w.host)
	if err != nil {
		c.lost = err.Error()
	}
	candidate, err := w.app.load(w.host)
	if err == nil {
		err = w.emptied(made)
	}
	switch {
	case err != nil:
		c.problem, c.cfg = oneLine(err, w.app.read.Sources), inForce
		c.touch = inForce != nil && inForce.Watch.Mode != observe
		return c
	case inForce == nil:
		c.waits = w.waits(inForce, candidate)
		c.cfg, c.fresh, c.idle = candidate, c.waits == "", c.waits != ""
	default:
		c.waits = w.waits(inForce, candidate)
		c.cfg, c.fresh = candidate, c.waits == "" && inForce.Text() != candidate.Text()
		if c.waits != "" {
			c.cfg = inForce
		}
	}
	c.touch = !c.idle && c.cfg.Watch.Mode != observe && candidate.Watch.Mode != observe
	return c
}

// The modes in which less is done than ha.hcl says.
const (
	heal    = "heal"
	observe = "observe"
)

// emptied refuses what is left when ha.hcl itself has been emptied or removed
// and the files beside it would do.
func (w *watching) emptied(inForce accepted) error {
	const file = "/etc/hotpair/ha.hcl"
	if len(w.app.config) > 0 || !inForce.says(file) || w.app.read.says(file) {
		return nil
	}
	return fmt.Errorf("%s is empty or gone, and only ha.d is left. If that is meant, run `hotpair apply`", file)
}

// waits tells why a configuration does not come into force by itself.
func (w *watching) waits(inForce, candidate *schema.Config) string {
	if candidate.Actions.RoleChange != "auto" {
		if why := loop.RoleGuard(w.role(inForce, candidate), string(candidate.Node.Role), resources.Serves(candidate, w.host)); why != "" {
			return why + ". This waits for `hotpair apply`"
		}
	}
	switch {
	case inForce == nil && candidate.Watch.Mode == heal:
		return "in mode heal nothing is carried out that no apply did: run `hotpair apply` once"
	case inForce != nil && inForce.Watch.Mode == heal && inForce.Text() != candidate.Text():
		return "ha.hcl has changed. In mode heal this waits for `hotpair apply`"
	}
	return ""
}

// role is the one that the node has: as accepted, unless it was only looked at
// by that; otherwise as the ledger or the node itself records.
func (w *watching) role(inForce, candidate *schema.Config) string {
	if inForce != nil && inForce.Watch.Mode != observe {
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
