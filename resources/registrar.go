package resources

import (
	"context"
	"slices"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/schema"
)

// declareRegistrars declares the registrars, each a thing of its own: what the
// platform makes of a phone from now on comes from them.
func declareRegistrars(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	if !phonesKept(cfg, env) {
		return nil, nil
	}
	if env.Unasked {
		return env.unasked(), nil
	}
	system, err := env.asked.phones()
	if err == nil {
		_, err = system.mains(cfg)
	}
	if err != nil {
		return one("registrar", cfg.Origin("provisioning.url"), unseen{whyUnseen(cfg, env, err)}), nil
	}
	var all []reconcile.Declared
	for _, d := range system.registrars {
		name := phones.ID(d)
		b := newBackup(cfg, env, reconcile.ID{Kind: "registrar", Name: name})
		if chosen := cfg.Provisioning.Registrars; len(chosen) > 0 && !slices.Contains(chosen, name) {
			if b.past.last == nil {
				continue
			}
			b.mains = []string{} // what hotpair gave it goes
		}
		b.client, b.read = system.client, oneDocument(system.client, name)
		all = append(all, reconcile.Declared{ID: b.id, Resource: b, Origin: cfg.Origin(backupOrigin(cfg))})
	}
	return all, nil
}

// backupOrigin is what decides on backup addresses.
func backupOrigin(cfg *schema.Config) string {
	if cfg.Node.Role == schema.Master {
		return "peer.address"
	}
	return "node.role"
}
