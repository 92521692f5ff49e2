package main

import (
	"context"
	"sync"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/schema"
)

// deciding runs the failover beside everything else that the daemon does, as the
// configuration in force says.
type deciding struct {
	app     *app
	host    *host.Host
	text    schema.Secret    // of the configuration that it goes by
	turned  func(serve bool) // told of each takeover and failback
	changed func()           // told of all else that is new, too
	cancel  context.CancelFunc
	group   sync.WaitGroup
}

// use takes over the configuration in force; nil: there is none, or nothing is
// to be touched.
func (d *deciding) use(ctx context.Context, cfg *schema.Config) {
	if cfg != nil && cfg.Text() == d.text {
		return
	}
	d.end()
	if cfg == nil || !resources.Decides(cfg) {
		return
	}
	o := resources.Failover(cfg, d.host)
	o.Log, o.Turned, o.Changed = d.app.log, d.turned, d.changed
	loop, err := takeover.New(o)
	if err != nil {
		d.app.log.Error("nobody watches the peer", "error", err)
		return
	}
	d.text = cfg.Text()
	ctx, d.cancel = context.WithCancel(ctx)
	d.group.Go(func() { loop.Run(ctx) })
}

// end ends it, after the script that is under way.
func (d *deciding) end() {
	if d.cancel != nil {
		d.cancel()
		d.group.Wait()
	}
	d.cancel, d.text = nil, schema.Secret{}
}
