package alert

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/hotpair/hotpair/resources/alert/deliver"
)

// staff has a post for each receiver, and none for others. known is of those
// that have none yet.
func (d *Desk) staff(ctx context.Context, known map[string]kept) {
	d.mu.Lock()
	receivers, used, posts := d.receivers, d.used, maps.Clone(d.posts)
	d.mu.Unlock()
	if !used {
		return
	}
	next := map[string]*post{}
	for _, r := range receivers {
		old := posts[r.Name]
		if old != nil && reflect.DeepEqual(old.receiver, r) {
			next[r.Name] = old
			delete(posts, r.Name)
			continue
		}
		if old != nil {
			old.end()
			known[r.Name] = old.known()
		}
		next[r.Name] = d.begin(ctx, r, known[r.Name])
	}
	for _, p := range posts {
		p.end()
	}
	clear(known)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.posts = next
}

// begin has a receiver told by a goroutine of its own.
func (d *Desk) begin(ctx context.Context, r deliver.Receiver, known kept) *post {
	p := d.post(r, known)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	p.end = func() { cancel(); <-done }
	go func() {
		defer close(done)
		p.run(ctx)
	}()
	return p
}

func (d *Desk) staffed() []*post {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Collect(maps.Values(d.posts))
}

// end ends what is on its way.
func (d *Desk) end() {
	for _, p := range d.staffed() {
		p.end()
	}
}

// recall is what was told before.
func (d *Desk) recall() map[string]kept {
	known, err := recall(d.options.Host)
	if err != nil {
		d.options.Log.Warn("what was told before is not known", "error", err)
		return known
	}
	if text, err := json.Marshal(known); err == nil {
		d.written = string(text)
	}
	return known
}

// save keeps what is known of the receivers, where that changed.
func (d *Desk) save() {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := map[string]kept{}
	for name, p := range d.posts {
		all[name] = p.known()
	}
	text, err := json.Marshal(all)
	if err == nil && string(text) == d.written || len(all) == 0 && d.written == "" {
		return
	}
	if err == nil {
		err = d.options.Host.Store(memoryPath, all, 0o600)
	}
	if err != nil {
		d.options.Log.Warn("what was told is not stored", "error", err)
		return
	}
	d.written = string(text)
}
