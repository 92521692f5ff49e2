package resources

import (
	"context"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/schema"
)

// declareAutoprov declares the document that fresh phones are made from.
func declareAutoprov(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	b, err := backupIn(cfg, env, reconcile.ID{Kind: phones.Autoprov})
	if b == nil || err != nil {
		return nil, err
	}
	b.read = oneDocument(b.client, phones.Autoprov)
	return one(b.id.Kind, cfg.Origin(backupOrigin(cfg)), b), nil
}
