package alert

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/reconcile/disk"
)

// Once tells the receivers of one condition, and nothing of others, while no
// other desk does; it is asked again and again while the condition lasts. It
// gives whether anybody knows.
func (d *Desk) Once(ctx context.Context, c alert.Condition, n Node) (bool, error) {
	lock, err := d.options.Host.Lock(ctx, lockPath, disk.Holder{PID: os.Getpid(), Command: "hotpair dead-man", Since: time.Now()}, 0)
	var busy *disk.Busy
	if errors.As(err, &busy) {
		return true, nil // whoever holds it tells
	}
	if err != nil {
		return false, err
	}
	defer lock.Release()
	known := d.recall()
	for _, r := range d.receivers {
		d.posts[r.Name] = d.post(r, known[r.Name])
	}
	c.Urgent = true // it lasted before it was asked for
	l := alert.Look{Conditions: []alert.Condition{c}}
	for _, k := range Catalogue() {
		if k.Code != c.Code {
			l.Unseen = append(l.Unseen, k.Code)
		}
	}
	var group sync.WaitGroup
	for _, p := range d.posts {
		p.see(time.Now(), l, n)
		group.Go(func() { p.deliver(ctx) })
	}
	group.Wait()
	d.save()
	for _, p := range d.posts {
		if !p.known().Known[c.Key()].Told.IsZero() {
			return true, nil
		}
	}
	return false, nil
}
