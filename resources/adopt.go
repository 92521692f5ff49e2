package resources

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"path"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pgconf"
	"github.com/hotpair/hotpair/resources/sipdb"
	"github.com/hotpair/hotpair/schema"
)

// Survey is what a node that hotpair does not know yet turns out to be.
type Survey struct {
	Role            schema.Role
	Peer            netip.Addr
	Schedule        string           // of the database copy; empty: as the platform has it
	FilesSchedule   string           // empty: as Schedule
	CheckSchedule   string           // empty: as the platform has it
	Runner          string           // empty: as the platform has it
	Expiry          [3]time.Duration // minimum, maximum, default; zero: as the platform has them
	WithoutDatabase bool             // a master that copies directories alone
	WithoutFiles    bool             // a master that copies the database alone
}

// DetectPlatform tells which platform a node has, by its programs.
func DetectPlatform(h *host.Host) string {
	marks := []struct{ command, platform string }{
		{"/usr/bin/wazo-sync", "wazo"},
		{"/usr/bin/wazo-service", "wazo"},
		{"/usr/bin/xivo-sync", "xivo"},
		{"/usr/bin/xivo-service", "xivo"},
		{"/usr/sbin/asterisk", "asterisk"},
	}
	for _, m := range marks {
		if h.HasCommand(m.command) == nil {
			return m.platform
		}
	}
	return "wazo"
}

// SurveyNode reads a stock or hand-made node; base is a configuration of its
// platform.
func SurveyNode(ctx context.Context, h *host.Host, base *schema.Config) (Survey, error) {
	recorded, err := Recorded(h, base.Platform)
	if err != nil {
		return Survey{}, err
	}
	s := Survey{Role: recorded.Role, Peer: recorded.Peer}
	if s.Role == schema.Disabled {
		return s, s.contradicted(h, base.Platform)
	}
	jobs, err := surveyJobs(h, base.Platform.Stock)
	if err != nil {
		return Survey{}, err
	}
	s.take(jobs, base)
	if !s.Peer.IsValid() {
		return s, fmt.Errorf("%s says %s and names no peer, and no cron line does: set remote_address there, or write ha.hcl by hand", base.Platform.State.HAConf, s.Role)
	}
	if s.Role == schema.Slave {
		return s, s.surveyAccess(ctx, h, base)
	}
	s.Expiry = surveyExpiry(ctx, h, base)
	return s, nil
}

// surveyExpiry reads the first tenant's expiry. A database that does not answer,
// and values that ha.hcl cannot hold, leave the platform's, from which the plan
// then tells the difference.
func surveyExpiry(ctx context.Context, h *host.Host, base *schema.Config) (found [3]time.Duration) {
	if !databaseKept(base, h) {
		return found
	}
	var rows sipdb.Rows
	err := database{h, base.Database.URL.Reveal()}.within(ctx, pgx.ReadOnly, func(tx pgx.Tx) error {
		places, _, err := sipdb.Places(ctx, tx)
		if err == nil && len(places) > 0 {
			rows, err = places[0].Read(ctx, tx, false)
		}
		return err
	})
	if err != nil {
		return found
	}
	usual := base.SIPExpiry
	for i, name := range []string{sipdb.Minimum, sipdb.Maximum, sipdb.Default} {
		seconds, err := strconv.Atoi(written(rows[name]))
		if err != nil || seconds <= 0 || seconds > 24*60*60 {
			return [3]time.Duration{}
		}
		found[i] = time.Duration(seconds) * time.Second
	}
	if found == [3]time.Duration{usual.Min, usual.Max, usual.Default} || found[0] > found[2] || found[2] > found[1] {
		return [3]time.Duration{}
	}
	return found
}

// contradicted refuses a node whose ha.conf says disabled although the rest of
// it is half of a pair: to guess could switch it off.
func (s Survey) contradicted(h *host.Host, p schema.Platform) error {
	for _, file := range []string{p.State.Primary, p.State.Secondary} {
		there, err := h.Exists(file)
		if err != nil {
			return err
		}
		if there {
			return fmt.Errorf("%s does not say master or slave, but %s exists: set the one or remove the other, or write ha.hcl by hand", p.State.HAConf, file)
		}
	}
	return nil
}

// surveyJobs gives the first stock line of each job, an active one if any.
func surveyJobs(h *host.Host, stock schema.StockJobs) (map[string]placedJob, error) {
	jobs := map[string]placedJob{}
	if stock.MasterFile == "" {
		return jobs, nil
	}
	files, err := cronFiles(h, path.Dir(stock.MasterFile))
	if err != nil {
		return nil, err
	}
	for _, p := range placedJobs(files) {
		if first, seen := jobs[p.name]; !seen || first.line.Paused && !p.line.Paused {
			jobs[p.name] = p
		}
	}
	return jobs, nil
}

// take reads schedules, and the peer where ha.conf does not name it.
func (s *Survey) take(jobs map[string]placedJob, base *schema.Config) {
	database, copiesDatabase := jobs[replicateDatabase]
	files, copiesFiles := jobs[replicateFiles]
	switch {
	case s.Role != schema.Master || base.Platform.Stock.MasterFile == "":
	case !copiesDatabase && !copiesFiles:
		s.Runner = "none"
	default:
		s.Runner = "stock"
		s.WithoutDatabase, s.WithoutFiles = !copiesDatabase, !copiesFiles
		s.Schedule = other(scheduleOf(database), base.Replication.Schedule)
		s.FilesSchedule = other(scheduleOf(files), cmp.Or(s.Schedule, base.Replication.Schedule))
	}
	if s.Role == schema.Slave {
		s.CheckSchedule = other(scheduleOf(jobs[checkMaster]), base.Failover.CheckSchedule)
	}
	for _, name := range []string{replicateDatabase, checkMaster} {
		if job, there := jobs[name]; there && !s.Peer.IsValid() {
			s.Peer, _ = job.peer()
		}
	}
}

// surveyAccess tells whether the slave lets the master's database copy in.
func (s *Survey) surveyAccess(ctx context.Context, h *host.Host, base *schema.Config) error {
	if base.Platform.PostgreSQL.Directory == "" {
		return nil
	}
	p := base.Platform.PostgreSQL
	files, err := locatePostgres(ctx, base, h)
	if err != nil {
		return err
	}
	if files.hba == "" {
		return nil
	}
	rules, err := pgconf.Rules(h, files.hba)
	if err != nil {
		return err
	}
	rule, ok := pgconf.Decide(rules, pgconf.Connection{Database: p.Database, User: p.User, Address: s.Peer, TLS: true})
	if ok && rule.Method == trust {
		s.Runner = "stock"
	}
	return nil
}

// other is a value unless it is the usual one.
func other(value, usual string) string {
	if value == usual {
		return ""
	}
	return value
}

func scheduleOf(p placedJob) string {
	if p.line.Job == nil {
		return ""
	}
	return p.line.Job.Schedule
}
