package doctor

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// databases looks whether rows can be read, and on a standby be written as they
// are copied (session_replication_role).
func databases(ctx context.Context, l *look) verdict {
	super := ""
	err := l.query(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT current_setting('is_superuser')`).Scan(&super)
	})
	switch {
	case errors.Is(err, errNoDatabase):
		return ofDatabase(err)
	case err != nil && ctx.Err() == nil:
		return toMend("`systemctl start "+l.Config.Platform.PostgreSQL.Unit+"`, and see `journalctl -u postgresql`", "%s", err)
	case err != nil:
		return unknown(err)
	case super != "on":
		return toMend("name the user who owns everything in database.url", "the user of database.url is no superuser, and cannot copy rows")
	}
	return well("it answers")
}

func encoding(ctx context.Context, l *look) verdict {
	p, err := l.product.get(ctx, l.run)
	switch {
	case err != nil:
		return unknown(err)
	case p.Encoding == "":
		return ofDatabase(errNoDatabase)
	case p.Encoding != "UTF8":
		return toMend("make the database anew in UTF-8: `pg_dump`, `createdb -T template0 -E UTF8`, `psql`", "the database is in %s", p.Encoding)
	}
	return well("the database is in UTF-8, %s", p.Collation)
}

func wizard(ctx context.Context, l *look) verdict {
	p, err := l.product.get(ctx, l.run)
	switch {
	case err != nil:
		return unknown(err)
	case p.Encoding == "":
		return ofDatabase(errNoDatabase)
	case p.configured == nil:
		return skipped("the database of this platform does not tell")
	case !*p.configured:
		return toMend("go through it in a browser: https://ADDRESS-OF-THIS-NODE/, or by POST /api/confd/1.1/wizard", "the setup wizard was not passed yet")
	}
	return well("it was passed")
}
