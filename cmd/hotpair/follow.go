package main

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
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
	told *telling

	failed string // why it could not be begun
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
	o, err := resources.Replication(cfg, f.host, f.own)
	if err == nil {
		f.now, err = f.app.follow(ctx, cfg, o, f.told)
	}
	if err == nil {
		f.failed = ""
		return
	}
	f.now, f.text = nil, schema.Secret{} // the next pass tries again
	if f.failed != err.Error() {
		f.failed = err.Error()
		f.app.log.Error("nothing is replicated", "error", err)
	}
}

// own are this node's addresses as they are now.
func (f *following) own() []netip.Addr { return f.app.options(f.host).Own }

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
	files      string // the schedule of the directories
	changed    pending
	told       *telling
	again      retries

	cancel context.CancelFunc
	group  sync.WaitGroup
}

const (
	// changesName is the job that sends single files.
	changesName = "changes"
	// unheard is how often everything is compared where changes are not heard of.
	unheard = "@every 15m"
)

func (a *app) follow(ctx context.Context, cfg *schema.Config, o replicate.Options, told *telling) (*follower, error) {
	ctx, cancel := context.WithCancel(ctx)
	o.Lasting = true
	f := &follower{app: a, cfg: cfg, options: o, replicator: replicate.New(o), told: told, cancel: cancel}
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
	f.files = f.cfg.Replication.FilesSchedule
	if hears {
		if err := f.hear(ctx); err != nil {
			f.app.log.Warn("changed files are not heard of: all directories are compared "+unheard, "error", err)
			f.files = unheard
		}
	}
	f.told.all = f.all()
	f.again = newRetries(f.timetable.Prod)
	if err := f.timetable.Set(ctx, f.jobs()); err != nil {
		return err
	}
	f.begin(hears)
	if f.options.Database != nil && f.cfg.Replication.Schedule == schema.OnChange {
		f.group.Go(func() { f.poll(ctx) })
	}
	return nil
}

// begin makes up for what happened while nobody heard changes, and goes on with
// what failed or waited: its reason may be gone with the old configuration.
func (f *follower) begin(hears bool) {
	f.app.log.Info("replicating", "to", f.options.Peer.Address, "database", f.schedule(replicate.DatabaseName), "files", f.schedule(replicate.FilesName))
	m, stock := f.memory(), f.alone() != nil
	for _, what := range []string{replicate.DatabaseName, replicate.FilesName} {
		if now := marks(m, what); now.Failure != "" || stock || now.Waits != "" || hears && what == replicate.FilesName {
			f.timetable.Prod(what)
		}
	}
}

// schedule is when a part is replicated.
func (f *follower) schedule(what string) string {
	switch {
	case what == replicate.DatabaseName && f.options.Database != nil:
		return f.cfg.Replication.Schedule
	case what == replicate.FilesName && f.options.Files != nil:
		return f.files
	}
	return "off"
}

// all is what is replicated, in words.
func (f *follower) all() string {
	var parts []string
	for _, what := range []string{replicate.DatabaseName, replicate.FilesName} {
		if f.schedule(what) != "off" {
			parts = append(parts, what)
		}
	}
	return strings.Join(parts, " and ")
}

// jobs are what is done, and when. Whatever the schedule, each part runs once a
// day, so that everything is compared daily.
func (f *follower) jobs() []when.Job {
	var jobs []when.Job
	add := func(what, schedule string) {
		jobs = append(jobs, when.Job{Name: what, Schedule: schedule, Daily: true, Last: f.last(what), Run: f.run(what)})
	}
	if f.options.Database != nil {
		add(replicate.DatabaseName, f.schedule(replicate.DatabaseName))
	}
	if f.options.Files != nil {
		add(replicate.FilesName, f.files)
		jobs = append(jobs, when.Job{Name: changesName, Schedule: schema.OnChange, Last: func() time.Time { return time.Time{} }, Run: f.send})
	}
	return jobs
}

func (f *follower) end() {
	f.cancel()
	if f.timetable != nil {
		_ = f.timetable.Close() // what it waited for has been told by the run itself
	}
	f.again.end()
	f.group.Wait()
	f.replicator.Close()
}
