package resources

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pgconf"
	"github.com/hotpair/hotpair/schema"
)

// postgresFiles are the configuration files of the telephony database's
// cluster, as the node names them. Both are empty where there is no cluster.
type postgresFiles struct{ hba, conf string }

// askLimit is how long the database is waited for. Its absence is no error:
// the files can be found without it.
const askLimit = 2 * time.Second

// locatePostgres asks the running server for its files; where it does not
// answer, the one version directory there is will be it.
func locatePostgres(ctx context.Context, cfg *schema.Config, h *host.Host) (postgresFiles, error) {
	p := cfg.Platform.PostgreSQL
	if p.Directory == "" {
		return postgresFiles{}, nil
	}
	if cfg.Database.Enabled {
		if files, ok := askPostgres(ctx, cfg.Database.URL.Reveal(), h); ok {
			return files, nil
		}
	}
	return searchPostgres(p, h)
}

// askPostgres asks over the local socket only: a server elsewhere has its files
// elsewhere.
func askPostgres(ctx context.Context, url string, h *host.Host) (postgresFiles, bool) {
	config, err := pgx.ParseConfig(url)
	if err != nil || !strings.HasPrefix(config.Host, "/") {
		return postgresFiles{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	conn, err := database{h, url}.connect(ctx)
	if err != nil {
		return postgresFiles{}, false
	}
	defer conn.Close(ctx)
	var hba, conf string
	if err := conn.QueryRow(ctx, `SELECT current_setting('hba_file'), current_setting('config_file')`).Scan(&hba, &conf); err != nil {
		return postgresFiles{}, false
	}
	return postgresFiles{hba: h.Inside(hba), conf: h.Inside(conf)}, true
}

// searchPostgres looks for the cluster below the platform's directory.
func searchPostgres(p schema.PlatformPostgreSQL, h *host.Host) (postgresFiles, error) {
	versions, err := h.List(p.Directory)
	if err != nil {
		return postgresFiles{}, err
	}
	var found []string
	for _, version := range versions {
		dir := path.Join(p.Directory, version, p.Cluster)
		if there, err := h.Exists(path.Join(dir, "pg_hba.conf")); err != nil {
			return postgresFiles{}, err
		} else if there {
			found = append(found, dir)
		}
	}
	switch len(found) {
	case 0:
		return postgresFiles{}, nil
	case 1:
		return configuredHBA(h, postgresFiles{hba: path.Join(found[0], "pg_hba.conf"), conf: path.Join(found[0], "postgresql.conf")})
	}
	return postgresFiles{}, fmt.Errorf("there are several PostgreSQL clusters, %s: start the one that serves %s, so that it can be asked", strings.Join(found, " and "), p.Database)
}

// configuredHBA goes by hba_file of postgresql.conf where that names another
// file that is there.
func configuredHBA(h *host.Host, files postgresFiles) (postgresFiles, error) {
	settings, err := pgconf.Settings(h, files.conf)
	if err != nil {
		return files, err
	}
	if set, is := pgconf.Effective(settings, "hba_file"); is && path.IsAbs(set.Value) {
		named := path.Clean(h.Inside(set.Value))
		if there, err := h.Exists(named); err == nil && there {
			files.hba = named
		}
	}
	return files, nil
}
