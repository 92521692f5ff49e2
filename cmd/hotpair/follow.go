package main

import (
	"context"
	"sync"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/files"
	"github.com/hotpair/hotpair/resources/replicate/when"
	"github.com/hotpair/hotpair/schema"
)

// following replicates from this node while the daemon runs, as the
// configuration in force says. It has goroutines of its own: a run that lasts
// delays no look at the node.
type following struct {
	app  *app
	host *host.Host
	text schema.Secret // of the configuration that is followed
	now  *follower     // nil: nothing is replicated from here
}

// use takes over the configuration in force; nil: there is none, or nothing is
// to be touched.
func (f *following) use(ctx context.Context, cfg *schema.Config) {
	if cfg != nil && cfg.Text() == f.text {
		return
	}
	f.end()
	if cfg == nil || !resources.Follows(cfg) {
		return
	}
	f.text = cfg.Text()
	o, err := resources.Replication(cfg, f.host, version, f.app.options(f.host).Own)
	if err == nil {
		f.now, err = f.app.follow(ctx, cfg, o)
	}
	if err != nil {
		f.app.log.Error("nothing is replicated", "error", err)
	}
}

// end ends what is followed, after the step that is under way.
func (f *following) end() {
	if f.now != nil {
		f.now.end()
	}
	f.now, f.text = nil, schema.Secret{}
}

// follower replicates as one configuration says.
type follower struct {
	app        *app
	cfg        *schema.Config
	options    replicate.Options
	replicator *replicate.Replicator
	timetable  *when.Timetable
	changed    pending
	told       telling

	cancel context.CancelFunc
	all    sync.WaitGroup
}

// changesName is the job that sends single files.
const changesName = "changes"

func (a *app) follow(ctx context.Context, cfg *schema.Config, o replicate.Options) (*follower, error) {
	ctx, cancel := context.WithCancel(ctx)
	f := &follower{app: a, cfg: cfg, options: o, replicator: replicate.New(o), cancel: cancel}
	f.told = telling{app: a, host: o.Host, failing: map[string]string{}}
	err := f.start(ctx)
	if err != nil {
		f.end()
	}
	return f, err
}

func (f *follower) start(ctx context.Context) (err error) {
	if f.timetable, err = when.New(when.Options{Log: f.app.log}); err != nil {
		return err
	}
	hears := f.options.Files != nil && f.cfg.Replication.FilesSchedule == schema.OnChange
	if hears {
		if err := f.hear(ctx); err != nil {
			return err
		}
	}
	if err := f.timetable.Set(ctx, f.jobs()); err != nil {
		return err
	}
	if hears {
		f.timetable.Prod(replicate.FilesName) // what changed while nobody heard it
	}
	if f.options.Database != nil && f.cfg.Replication.Schedule == schema.OnChange {
		f.all.Go(func() { f.poll(ctx) })
	}
	return nil
}

// jobs are what is done, and when. Whatever the schedule, each part runs once a
// day, so that everything is compared daily.
func (f *follower) jobs() []when.Job {
	var jobs []when.Job
	add := func(what, schedule string) {
		jobs = append(jobs, when.Job{Name: what, Schedule: schedule, Daily: true, Last: f.last(what), Run: f.run(what)})
	}
	if f.options.Database != nil {
		add(replicate.DatabaseName, f.cfg.Replication.Schedule)
	}
	if f.options.Files != nil {
		add(replicate.FilesName, f.cfg.Replication.FilesSchedule)
		jobs = append(jobs, when.Job{Name: changesName, Schedule: schema.OnChange, Last: func() time.Time { return time.Time{} }, Run: f.send})
	}
	return jobs
}

func (f *follower) end() {
	f.cancel()
	if f.timetable != nil {
		_ = f.timetable.Close() // what it waited for has been told by the run itself
	}
	f.all.Wait()
	f.replicator.Close()
}

// hear has changed files sent.
func (f *follower) hear(ctx context.Context) error {
	w, err := f.options.Watch()
	if err != nil {
		return err
	}
	f.all.Go(func() { w.Run(ctx) })
	f.all.Go(func() {
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
		f.app.log.Info("comparing all directories", "why", batch.All)
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
