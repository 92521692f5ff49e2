package main

import (
	"context"
	"sync"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/files"
)

// hear has changed files sent.
func (f *follower) hear(ctx context.Context) error {
	w, err := f.options.Watch()
	if err != nil {
		return err
	}
	f.group.Go(func() { w.Run(ctx) })
	f.group.Go(func() {
		defer w.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case batch := <-w.Batches():
				f.heard(batch)
			}
		}
	})
	return nil
}

func (f *follower) heard(batch files.Batch) {
	if batch.All != "" {
		f.told.once("comparing all directories", "why", batch.All)
		f.timetable.Prod(replicate.FilesName)
		return
	}
	f.changed.add(batch.Paths)
	f.timetable.Prod(changesName)
}

// pending are paths that wait to be sent.
type pending struct {
	mu    sync.Mutex
	paths map[string]bool
}

func (p *pending) add(paths []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paths == nil {
		p.paths = map[string]bool{}
	}
	for _, path := range paths {
		p.paths[path] = true
	}
}

func (p *pending) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for path := range p.paths {
		list = append(list, path)
	}
	p.paths = nil
	return list
}
