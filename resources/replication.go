package resources

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/replicate/rows"
	"github.com/hotpair/hotpair/schema"
)

// ErrNoPair is a node's that has nobody to send anything to.
var ErrNoPair = errors.New("this node is in no pair: write role = \"master\" in ha.hcl first")

// Replication is what a configuration says of what follows this master.
func Replication(cfg *schema.Config, h *host.Host, own func() []netip.Addr) (replicate.Options, error) {
	switch cfg.Node.Role {
	case schema.Disabled:
		return replicate.Options{}, ErrNoPair
	case schema.Slave:
		return replicate.Options{}, fmt.Errorf("this node is %s: the master replicates, by `hotpair watch` or `hotpair replicate` there", cfg.Node.Written)
	}
	o := replicate.Options{Host: h, Peer: PeerTarget(cfg, h), Own: own, MaxDelete: cfg.Replication.MaxDelete}
	if cfg.Replication.Files && len(cfg.Replication.Directories) > 0 {
		o.Files = &replicate.Files{Directories: cfg.Replication.Directories, Exclude: cfg.Replication.ExcludeFiles}
	}
	if !cfg.Replication.Database || !databaseKept(cfg, h) {
		return o, nil
	}
	config, err := pgx.ParseConfig(cfg.Database.URL.Reveal())
	if err != nil {
		return o, fmt.Errorf("database.url cannot be used")
	}
	local := database{h, cfg.Database.URL.Reveal()}
	o.Database = &replicate.Database{Name: config.Database, User: config.User, Classes: tableClasses(cfg),
		Local: func(ctx context.Context) (*pgx.Conn, error) { return local.connect(ctx) }}
	return o, nil
}

// tableClasses are the classes that platform and administrator name.
func tableClasses(cfg *schema.Config) rows.Classes {
	r := cfg.Replication
	c := rows.Classes{Version: r.VersionTables, NodeLocal: r.NodeLocalTables, Excluded: r.ExcludeTables, Volatile: r.VolatileTables, Known: r.KnownTables}
	for _, path := range []string{"replication.exclude.tables", "replication.extra_exclude.tables"} {
		if usersOwn(cfg, path) {
			c.Named = append(c.Named, cfg.Listed(path)...)
		}
	}
	return c
}

// StockReplicates tells which cron line of the stock scripts replicates on this
// node, if any does: two must not.
func StockReplicates(cfg *schema.Config, h *host.Host) (string, error) {
	jobs, err := surveyJobs(h, cfg.Platform.Stock)
	for _, name := range []string{replicateDatabase, replicateFiles} {
		if job, there := jobs[name]; there && !job.line.Paused {
			return job.at(), err
		}
	}
	return "", err
}

// Follows tells whether hotpair's own daemon replicates from this node.
func Follows(cfg *schema.Config) bool {
	return cfg.Node.Role == schema.Master && cfg.Replication.Runner == "daemon"
}
