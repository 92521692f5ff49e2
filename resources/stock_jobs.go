package resources

import (
	"context"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/hotpair/hotpair/resources/crontab"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pattern"
	"github.com/hotpair/hotpair/schema"
)

// The jobs that the stock scripts do by cron.
const (
	replicateDatabase = "replicate database"
	replicateFiles    = "replicate files"
	checkMaster       = "check master"
)

// crontabFile is cron's own file; like those in cron.d it names a user.
const crontabFile = "/etc/crontab"

// stockJob is one job as it should stand in a cron file.
type stockJob struct {
	name     string
	schedule string
	command  string
	peer     string // empty: the job takes none
}

// args are those of the command.
func (j stockJob) args() []string {
	if j.peer == "" {
		return nil
	}
	return []string{j.peer}
}

// text is the job as a plan shows it.
func (j stockJob) text() string { return jobText(j.schedule, "root", j.args()) }

// line is the job's line as the stock tools write it.
func (j stockJob) line() string {
	return strings.Join(append([]string{j.schedule, "root", j.command}, append(j.args(), ">/dev/null")...), " ")
}

// jobText shows what of a job may differ: when, to whom, as whom.
func jobText(schedule, user string, args []string) string {
	text := schedule
	if len(args) > 0 {
		text += " to " + strings.Join(args, " ")
	}
	if user != "root" {
		text += " as " + user
	}
	return text
}

// jobOf tells which stock job a command word starts, by its name with either of
// the prefixes that Wazo and XiVO use.
func jobOf(word string) string {
	base := path.Base(word)
	for _, prefix := range []string{"xivo-", "wazo-"} {
		if name, is := strings.CutPrefix(base, prefix); is {
			return map[string]string{
				"master-slave-db-replication": replicateDatabase,
				"sync":                        replicateFiles,
				"check-master-status":         checkMaster,
			}[name]
		}
	}
	return ""
}

// placedJob is a stock job found in a cron file.
type placedJob struct {
	name  string
	file  string
	index int // of the line
	line  crontab.Line
	word  int // which word names the stock command
}

// commandWord is the index of the word that is run: the first one, behind
// variables and behind programs that only run another one. Other words are
// arguments, whatever they name.
func commandWord(words []string) int {
	wrapper := ""
	for i, w := range words {
		switch {
		case slices.Contains([]string{"nice", "ionice", "timeout", "flock", "chronic", "env"}, path.Base(w)):
			wrapper = path.Base(w)
		case variable().MatchString(w), wrapper != "" && wrapperArgument().MatchString(w):
		case wrapper == "flock": // the file that it locks
			wrapper = "flock FILE"
		default:
			return i
		}
	}
	return -1
}

var (
	variable        = pattern.Lazy(`^[A-Za-z_][A-Za-z0-9_]*=`)
	wrapperArgument = pattern.Lazy(`^-|^[0-9]+[smhd]?$`)
)

// placed tells which stock job a line starts, if any.
func placed(file string, index int, line crontab.Line) (placedJob, bool) {
	if line.Job == nil {
		return placedJob{}, false
	}
	word := commandWord(line.Job.Words)
	if word < 0 || jobOf(line.Job.Words[word]) == "" {
		return placedJob{}, false
	}
	return placedJob{name: jobOf(line.Job.Words[word]), file: file, index: index, line: line, word: word}, true
}

// text is the job as a plan shows it, whatever name the command goes by and
// whatever options it has.
func (p placedJob) text() string {
	var args []string
	if at := p.peerWord(); at >= 0 {
		args = p.line.Job.Words[at : at+1]
	}
	text := jobText(p.line.Job.Schedule, p.line.Job.User, args)
	if !strings.HasSuffix(p.line.Text, "\n") {
		text += ", in a file without a newline at its end, which cron does not read"
	}
	return text
}

// peerWord is the index of the word that is an address; -1: there is none.
func (p placedJob) peerWord() int {
	for i, w := range p.line.Job.Words[p.word+1:] {
		if _, err := netip.ParseAddr(w); err == nil {
			return p.word + 1 + i
		}
	}
	return -1
}

// at says where the line stands.
func (p placedJob) at() string { return fmt.Sprintf("%s, line %d", p.file, p.index+1) }

// peer is the address that the line names.
func (p placedJob) peer() (netip.Addr, bool) {
	at := p.peerWord()
	if at < 0 {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(p.line.Job.Words[at])
	return addr, err == nil
}

// cronFiles reads every file that cron reads: /etc/crontab and cron.d.
func cronFiles(h *host.Host, dir string) (map[string]crontab.File, error) {
	names, err := h.List(dir)
	if err != nil {
		return nil, err
	}
	paths := []string{crontabFile}
	for _, name := range names {
		if crontab.Read(name) {
			paths = append(paths, path.Join(dir, name))
		}
	}
	files := map[string]crontab.File{}
	for _, p := range paths {
		text, there, err := h.Look(p)
		if err != nil {
			return nil, err
		}
		if there {
			files[p] = crontab.Parse(text)
		}
	}
	return files, nil
}

// placedJobs lists the stock jobs of all cron files, in the order of their
// paths and lines.
func placedJobs(files map[string]crontab.File) []placedJob {
	var list []placedJob
	for _, file := range sortedKeys(files) {
		for i, line := range files[file] {
			if p, is := placed(file, i, line); is {
				list = append(list, p)
			}
		}
	}
	return list
}

// installed is a stock command by the name that this node has it under: the
// platform's own or, on older releases, that with the other prefix.
func installed(h *host.Host, command string) string {
	if h.HasCommand(command) == nil {
		return command
	}
	dir, base := path.Split(command)
	for _, prefixes := range [][2]string{{"wazo-", "xivo-"}, {"xivo-", "wazo-"}} {
		if rest, is := strings.CutPrefix(base, prefixes[0]); is && h.HasCommand(dir+prefixes[1]+rest) == nil {
			return dir + prefixes[1] + rest
		}
	}
	return command
}

// stockJobs lists the jobs that the role asks the stock scripts for; decided:
// hotpair's own daemon watches the master.
func stockJobs(cfg *schema.Config, h *host.Host, decided bool) []stockJob {
	stock, peer := cfg.Platform.Stock, cfg.Peer.Address.String()
	switch {
	case cfg.Node.Role == schema.Slave && decided:
		return nil
	case cfg.Node.Role == schema.Slave:
		return []stockJob{{name: checkMaster, schedule: cfg.Failover.CheckSchedule, command: installed(h, stock.CheckMaster), peer: peer}}
	case cfg.Node.Role != schema.Master || cfg.Replication.Runner != "stock":
		return nil
	}
	var jobs []stockJob
	if cfg.Database.Enabled && cfg.Replication.Database {
		jobs = append(jobs, stockJob{name: replicateDatabase, schedule: cfg.Replication.Schedule, command: installed(h, stock.ReplicateDatabase), peer: peer})
	}
	if cfg.Replication.Files && len(cfg.Replication.Directories) > 0 {
		jobs = append(jobs, stockJob{name: replicateFiles, schedule: cfg.Replication.FilesSchedule, command: installed(h, stock.ReplicateFiles)})
	}
	return jobs
}

// CheckMaster runs the stock master check once, as cron would.
func CheckMaster(ctx context.Context, cfg *schema.Config, h *host.Host) error {
	if cfg.Node.Role != schema.Slave || cfg.Platform.Stock.CheckMaster == "" {
		return nil
	}
	return h.Run(ctx, installed(h, cfg.Platform.Stock.CheckMaster), cfg.Peer.Address.String())
}

// StockJobsInCron lists the lines of cron that start a stock job, whichever it is,
// by their places.
func StockJobsInCron(cfg *schema.Config, h *host.Host) ([]string, error) {
	files, err := cronFiles(h, path.Dir(cfg.Platform.Stock.MasterFile))
	var list []string
	for _, p := range placedJobs(files) {
		if !p.line.Paused {
			list = append(list, fmt.Sprintf("%s (%s)", p.name, p.at()))
		}
	}
	return list, err
}
