package resources

import (
	"context"
	"slices"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/schema"
)

// declareDevices declares the documents of all phones, as one thing: also the
// transient ones, which are copies of autoprov.
func declareDevices(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	b, err := backupIn(cfg, env, deviceID)
	if b == nil || err != nil {
		return nil, err
	}
	b.asks, b.pending = []string{resyncPhones}, &resyncList{env.Host}
	b.read = func(ctx context.Context) ([]phones.Document, error) {
		all, err := b.client.Configs(ctx, nil)
		return slices.DeleteFunc(all, func(d phones.Document) bool {
			return phones.IsRegistrar(d) || phones.ID(d) == phones.Autoprov || len(phones.Places(d)) == 0
		}), err
	}
	return one(deviceID.Kind, cfg.Origin(backupOrigin(cfg)), b), nil
}

var deviceID = reconcile.ID{Kind: "device"}
