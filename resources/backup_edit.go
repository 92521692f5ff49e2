package resources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/phones"
	"github.com/hotpair/hotpair/resources/provd"
	"github.com/hotpair/hotpair/schema"
)

// Apply changes the documents that differ, each read again just before.
func (b *Backup) Apply(ctx context.Context, c reconcile.Change) error {
	edits := map[string][]reconcile.Attribute{}
	for _, a := range c.Attributes() {
		id := cmp.Or(b.id.Name, b.id.Kind)
		if b.id == deviceID {
			id, a.Name, _ = strings.Cut(a.Name, partSeparator)
		}
		edits[id] = append(edits[id], a)
	}
	ids := sortedKeys(edits)
	if err := b.pending.add(ids); err != nil {
		return err
	}
	var done atomic.Int64
	return b.client.Each(ctx, len(ids), func(ctx context.Context, i int) error {
		err := b.rewrite(ctx, ids[i], edits[ids[i]])
		if n := done.Add(1); b.progress != nil {
			b.progress(int(n), len(ids))
		}
		return err
	})
}

// rewrite changes a document's own addresses and nothing else. One that is gone
// is in order, one whose address somebody else has changed keeps his change.
func (b *Backup) rewrite(ctx context.Context, id string, edits []reconcile.Attribute) error {
	d, err := b.client.Config(ctx, id)
	if errors.Is(err, provd.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	changed := false
	for _, p := range phones.Places(d) {
		i := slices.IndexFunc(edits, func(a reconcile.Attribute) bool { return a.Name == p.Name })
		if i < 0 || edits[i].Want == nil || p.Get(d) == edits[i].Want.Reveal() {
			continue
		}
		if edits[i].Have == nil || p.Get(d) != edits[i].Have.Reveal() {
			return fmt.Errorf("%s of %s: %w", p.Name, id, reconcile.ErrStale)
		}
		if err := b.write(d, p, edits[i].Want.Reveal()); err != nil {
			return fmt.Errorf("restoring %s of %s: %w", p.Name, id, err)
		}
		changed = true
	}
	if !changed {
		return nil
	}
	return b.client.Put(ctx, d)
}

// write puts an address in its place, in the way it was written before where
// that is known.
func (b *Backup) write(d phones.Document, p phones.Place, address string) error {
	original, kept := b.past.originals[b.attribute(d, p)]
	switch {
	case kept && shown(original) == address && (b.role != schema.Master || address != b.peer):
		return p.Restore(d, original)
	case address == "":
		p.Clear(d)
	default:
		p.Set(d, address)
	}
	return nil
}
