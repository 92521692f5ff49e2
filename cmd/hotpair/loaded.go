package main

import (
	"bytes"
	"net/netip"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/hotpair/hotpair/schema"
)

// loaded is the configuration that was made last, and all that it was made from:
// the daemon makes none again from what is the same at every pass.
type loaded struct {
	from  accepted
	own   []netip.Addr
	cfg   *schema.Config // nil: there is none
	diags hcl.Diagnostics
}

// load makes a configuration, and tells what it was made from.
func (l *loaded) load(sources []schema.Source, o schema.Options) (*schema.Config, accepted, hcl.Diagnostics) {
	if l.holds(sources, o) {
		return l.cfg, l.from, l.diags
	}
	from := accepted{Sources: sources}
	cfg, diags := schema.Load(sources, from.recording(o))
	*l = loaded{}
	if !from.failed {
		*l = loaded{from: from, own: o.Own, cfg: cfg, diags: diags}
	}
	return cfg, from, diags
}

// holds tells whether the same would be made again.
func (l *loaded) holds(sources []schema.Source, o schema.Options) bool {
	if l.cfg == nil || !slices.Equal(l.own, o.Own) || !slices.EqualFunc(l.from.Sources, sources, sameSource) {
		return false
	}
	for path, before := range l.from.Files {
		if text, err := o.ReadFile(path); err != nil || !bytes.Equal(text, before) {
			return false
		}
	}
	for name, before := range l.from.Env {
		if o.Getenv(name) != before {
			return false
		}
	}
	return true
}

func sameSource(a, b schema.Source) bool { return a.Name == b.Name && bytes.Equal(a.Text, b.Text) }
