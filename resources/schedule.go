package resources

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/crontab"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pattern"
	"github.com/hotpair/hotpair/schema"
)

var (
	_ reconcile.Resource    = (*Schedule)(nil)
	_ reconcile.Preflighter = (*Schedule)(nil)
	_ reconcile.Noter       = (*Schedule)(nil)
	_ reconcile.Rememberer  = (*Schedule)(nil)
	_ reconcile.Ranker      = (*Schedule)(nil)
	_ reconcile.Filer       = (*Schedule)(nil)
)

// Schedule is the jobs that the stock scripts do by cron, whichever cron file
// they stand in: one attribute a job. Lines of the administrator's own are
// kept. A job that is commented out is paused: reported, not revived and never
// removed, so that a pause outlives a change of the role and back.
type Schedule struct {
	host  *host.Host
	stock schema.StockJobs
	jobs  []stockJob
	file  string // where a missing job is added
	// leaving: the node leaves its pair.
	leaving bool
	// serving: calls may be going on, which a master check would end.
	serving bool
	// handover: hotpair's own daemon is to replicate and cannot yet, for this
	// reason. Until it can, whoever replicates goes on.
	handover string
	// decided: hotpair's own daemon watches the master.
	decided bool
}

const paused = "paused"

func declareSchedule(_ context.Context, cfg *schema.Config, env Env) ([]reconcile.Declared, error) {
	stock := cfg.Platform.Stock
	if stock.MasterFile == "" {
		return nil, nil
	}
	decided, err := decided(cfg, env)
	if err != nil {
		return nil, err
	}
	s := &Schedule{handover: handover(cfg, env), host: env.Host, stock: stock, decided: decided, jobs: stockJobs(cfg, env.Host, decided), file: stock.MasterFile, leaving: cfg.Node.Role == schema.Disabled, serving: !passive(cfg, env.Host)}
	origin := "node.role"
	switch cfg.Node.Role {
	case schema.Master:
		origin = "replication.schedule"
	case schema.Slave:
		s.file, origin = stock.SlaveFile, "failover.check_schedule"
	}
	return one("schedule", cmp.Or(cfg.Origin(origin), cfg.Origin("node.role")), s), nil
}

// Want is a line for each job; a paused one stays paused.
func (s *Schedule) Want(ctx context.Context) (reconcile.State, error) {
	have, err := s.Have(ctx)
	switch {
	case err != nil:
		return nil, err
	case s.handover != "":
		return have, nil
	case len(s.jobs) == 0:
		return nil, nil
	}
	want := reconcile.State{}
	for _, job := range s.jobs {
		want[job.name] = reconcile.Text(job.text())
		if have[job.name].Reveal() == paused {
			want[job.name] = have[job.name]
		}
	}
	return want, nil
}

// Have is every stock job that cron would start, and those of the role that are
// commented out.
func (s *Schedule) Have(context.Context) (reconcile.State, error) {
	files, err := s.read()
	if err != nil {
		return nil, err
	}
	active, stopped := map[string][]string{}, map[string]bool{}
	for _, p := range placedJobs(files) {
		switch {
		case p.line.Paused && s.wants(p.name):
			stopped[p.name] = true
		case !p.line.Paused:
			active[p.name] = append(active[p.name], p.text())
		}
	}
	if len(active)+len(stopped) == 0 {
		return nil, nil
	}
	state := reconcile.State{}
	for name := range stopped {
		state[name] = reconcile.Text(paused)
	}
	for name, lines := range active {
		state[name] = reconcile.Text(strings.Join(lines, " and "))
	}
	return state, nil
}

func (s *Schedule) read() (map[string]crontab.File, error) {
	return cronFiles(s.host, path.Dir(s.stock.MasterFile))
}

// Files are cron's own, the stock tools', and those in which a stock job stands.
func (s *Schedule) Files() []string {
	names := []string{crontabFile, s.stock.MasterFile, s.stock.SlaveFile}
	files, err := s.read()
	if err != nil {
		return names
	}
	for _, p := range placedJobs(files) {
		names = append(names, p.file)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Preflight tells why a line would be dead or a file could not be replaced.
func (s *Schedule) Preflight(_ context.Context, c reconcile.Change) error {
	var errs []error
	for _, job := range s.jobs {
		if c.Want[job.name].Reveal() != paused {
			errs = append(errs, s.host.HasCommand(job.command))
		}
	}
	files, err := s.read()
	if err != nil {
		return err
	}
	errs = append(errs, s.entangled(files))
	for file := range s.edit(files, c) {
		errs = append(errs, s.host.Writable(file))
	}
	return errors.Join(errs...)
}

// entangled refuses to take away a line that does more than the stock job: what
// else it does may be needed.
func (s *Schedule) entangled(files map[string]crontab.File) error {
	for _, p := range placedJobs(files) {
		if p.line.Job.Compound && !p.line.Paused && !s.wants(p.name) {
			return fmt.Errorf("%s starts the stock job %s and something else: take the stock command out of the line", p.at(), p.name)
		}
	}
	return nil
}

// scheduleRank is the place of the jobs in the order.
const scheduleRank = 20

// Rank takes the jobs of a node that leaves its pair away before its services
// are started: the stock master check would stop them again.
func (s *Schedule) Rank(reconcile.Change) int {
	if s.leaving {
		return -1
	}
	return scheduleRank
}

// Apply writes the files that change. Those that lose a job come first, so that
// two nodes' jobs never stand together.
func (s *Schedule) Apply(_ context.Context, c reconcile.Change) error {
	files, err := s.read()
	if err != nil {
		return err
	}
	edited := s.edit(files, c)
	order := slices.SortedFunc(maps.Keys(edited), func(a, b string) int {
		return cmp.Or(len(edited[a])-len(files[a])-len(edited[b])+len(files[b]), cmp.Compare(a, b))
	})
	for _, file := range order {
		if err := s.write(file, files[file], edited[file]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Schedule) write(file string, old, content crontab.File) error {
	if content.Blank() && (file == s.stock.MasterFile || file == s.stock.SlaveFile) {
		return s.host.Remove(file)
	}
	return s.host.Exchange(file, old.Bytes(), content.Bytes(), 0o644)
}

// edit returns the files that change, as they should be.
func (s *Schedule) edit(files map[string]crontab.File, c reconcile.Change) map[string]crontab.File {
	edited := map[string]crontab.File{}
	seen := map[string]bool{}
	for _, file := range sortedKeys(files) {
		var lines crontab.File
		for i, line := range files[file] {
			if p, is := placed(file, i, line); is {
				lines = append(lines, s.replace(p, c, seen)...)
			} else {
				lines = append(lines, line)
			}
		}
		edited[file] = lines
	}
	for _, job := range s.jobs {
		if !seen[job.name] && c.Want[job.name].Reveal() != paused {
			edited[s.file] = edited[s.file].Append(job.line())
		}
	}
	maps.DeleteFunc(edited, func(file string, content crontab.File) bool {
		return bytes.Equal(content.Bytes(), files[file].Bytes())
	})
	return edited
}

// replace is what becomes of one stock line: kept, adjusted, or dropped. Of
// several lines of a job the first stays.
func (s *Schedule) replace(p placedJob, c reconcile.Change, seen map[string]bool) crontab.File {
	i := slices.IndexFunc(s.jobs, func(j stockJob) bool { return j.name == p.name })
	switch {
	case p.line.Paused:
		return crontab.File{p.line}
	case i < 0, seen[p.name]:
		return nil
	}
	seen[p.name] = true
	return crontab.File{adjusted(p, s.jobs[i])}
}

// adjusted is the line of a job as it should be. What the administrator wrapped
// it in, its options and its redirections stay.
func adjusted(p placedJob, job stockJob) crontab.Line {
	line := p.line
	words := slices.Clone(line.Job.Words)
	if at := p.peerWord(); at >= 0 && job.peer != "" {
		words[at] = job.peer
	} else if job.peer != "" {
		return crontab.File{}.Append(job.line())[0]
	}
	if p.text() != job.text() {
		line = line.With(job.schedule, "root", words)
	}
	if !strings.HasSuffix(line.Text, "\n") {
		line.Text += "\n"
	}
	return line
}

// Notes names the jobs that are paused, and those that cannot run.
func (s *Schedule) Notes(context.Context) ([]reconcile.Note, error) {
	files, err := s.read()
	if err != nil {
		return nil, err
	}
	list := placedJobs(files)
	notes := s.handoverNote(list)
	for _, p := range list {
		running := slices.ContainsFunc(list, func(o placedJob) bool { return o.name == p.name && !o.line.Paused })
		command := p.line.Job.Words[p.word]
		switch {
		case s.decided && p.name == checkMaster && p.line.Paused:
			notes = append(notes, reconcile.Note{Code: "paused_check", Text: fmt.Sprintf("The stock master check is commented out in %s. hotpair watches the master now, and takes over by itself; failover { mode = \"manual\" } keeps it from that.", p.at())})
		case !s.wants(p.name):
		case p.line.Paused && !running:
			notes = append(notes, reconcile.Note{Code: paused, Text: fmt.Sprintf("%s is paused: it is commented out in %s. Remove the # to resume it.", p.name, p.at()),
				Mend: fmt.Sprintf("`sed -i '%ds/^[# ]*//' %s`", p.index+1, host.Quoted(s.host.Host(p.file)))})
		case !p.line.Paused && path.IsAbs(command) && s.host.HasCommand(command) != nil:
			notes = append(notes, reconcile.Note{Code: "dead_command", Text: fmt.Sprintf("%s cannot run: %s, starts %s, which is not on this node.", p.name, p.at(), command),
				Mend: "install the platform's package that has " + command + ", or take the line out"})
		}
	}
	if s.serving && s.wants(checkMaster) && !slices.ContainsFunc(list, func(p placedJob) bool { return p.name == checkMaster && !p.line.Paused }) {
		notes = append(notes, reconcile.Note{Code: "stops_services", Text: fmt.Sprintf("This node serves calls, and the master check stops its services within a minute once %s answers: calls here end then.", s.jobs[0].peer)})
	}
	return append(notes, unclear(files)...), nil
}

// handover tells what hotpair's own daemon lacks for replicating; "": nothing,
// or it is not to replicate.
func handover(cfg *schema.Config, env Env) string {
	switch {
	case !Follows(cfg):
		return ""
	case cfg.Peer.SSH.HostKey == "":
		return "no host key of the peer is pinned. Set up the channel with `hotpair init`"
	case !env.Watched:
		return "`hotpair watch` does not run. Start it with `systemctl enable --now hotpair`"
	}
	return ""
}

// handoverNote says who replicates while hotpair's daemon cannot.
func (s *Schedule) handoverNote(list []placedJob) []reconcile.Note {
	stock := func(p placedJob) bool { return p.name != checkMaster && !p.line.Paused }
	switch {
	case s.handover == "":
		return nil
	case slices.ContainsFunc(list, stock):
		return []reconcile.Note{{Code: "handover", Text: "The stock scripts' replication jobs are still in cron, until hotpair can replicate: " + s.handover + "."}}
	}
	return []reconcile.Note{nobodyReplicates(s.handover)}
}

// hidden matches a stock command that a line starts behind another one.
var hidden = pattern.Lazy(`[;&|]\s*(\S*/)?(xivo|wazo)-(sync|master-slave-db-replication|check-master-status)(\s|$)`)

// unclear reports lines that seem to start a stock job among other things.
func unclear(files map[string]crontab.File) []reconcile.Note {
	var notes []reconcile.Note
	for _, file := range sortedKeys(files) {
		for i, line := range files[file] {
			if _, is := placed(file, i, line); !is && line.Job != nil && !line.Paused && hidden().MatchString(line.Text) {
				notes = append(notes, reconcile.Note{Code: "unclear", Text: fmt.Sprintf("%s, line %d, seems to start a stock job behind another command. hotpair leaves it alone: give the stock command a line of its own.", file, i+1),
					Mend: fmt.Sprintf("take the stock command out of the line, or give it a line of its own, which hotpair then keeps: %s, line %d", file, i+1)})
			}
		}
	}
	return notes
}

func (s *Schedule) wants(name string) bool {
	return slices.ContainsFunc(s.jobs, func(j stockJob) bool { return j.name == name })
}

// Original is the stock files as they were found.
func (s *Schedule) Original() (map[string]string, error) {
	files, err := s.read()
	original := map[string]string{}
	for _, file := range []string{s.stock.MasterFile, s.stock.SlaveFile} {
		if content, there := files[file]; there {
			original[file] = string(content.Bytes())
		}
	}
	return original, err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
