package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
)

// product is what a node's platform says of itself.
type product struct {
	Version   string `json:"version"`
	Encoding  string `json:"encoding"`
	Collation string `json:"collation"`
	Language  string `json:"language"` // LANG of the system

	configured *bool // nil: the database does not tell
}

// readProduct reads the row of table infos, whose columns differ between releases,
// and how the database was made.
func (l *look) readProduct(ctx context.Context) (p product, err error) {
	p.Language = l.language()
	err = l.query(ctx, func(conn *pgx.Conn) error {
		var there bool
		err := conn.QueryRow(ctx, `SELECT pg_encoding_to_char(encoding), datcollate || ', ' || datctype, to_regclass('public.infos') IS NOT NULL
			FROM pg_database WHERE datname = current_database()`).Scan(&p.Encoding, &p.Collation, &there)
		if err != nil || !there {
			return err
		}
		var row []byte
		err = conn.QueryRow(ctx, `SELECT to_jsonb(i) FROM public.infos i LIMIT 1`).Scan(&row)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return p.take(row)
	})
	if errors.Is(err, errNoDatabase) {
		p.Version, err = l.asteriskVersion(ctx), nil
	}
	return p, err
}

// take reads a row of infos.
func (p *product) take(row []byte) error {
	var values map[string]any
	if err := json.Unmarshal(row, &values); err != nil {
		return err
	}
	for name, value := range values {
		if text, is := value.(string); is && strings.HasSuffix(name, "_version") {
			p.Version = text
		}
	}
	if configured, is := values["configured"].(bool); is {
		p.configured = &configured
	}
	return nil
}

// asteriskVersion is what Asterisk itself says; "": it does not.
func (l *look) asteriskVersion(ctx context.Context) string {
	command := l.Config.Platform.Telephony.Asterisk
	if command == "" || l.Node.Host.HasCommand(command) != nil {
		return ""
	}
	out, err := l.Node.Host.Output(ctx, command, "-V")
	if err != nil {
		return ""
	}
	return printable(out)
}

// language is LANG as the system sets it (locale.conf(5); Debian has it in
// /etc/default/locale); "": it is not set.
func (l *look) language() string {
	for _, file := range []string{"/etc/default/locale", "/etc/locale.conf"} {
		text, err := l.Node.Host.Read(file)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if value, is := strings.CutPrefix(strings.TrimSpace(line), "LANG="); is {
				return strings.Trim(value, `"'`)
			}
		}
	}
	return ""
}

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

// The ages beyond which something is said. Everything is compared once a day.
const (
	latest         = 25 * time.Hour
	latestVerified = 31 * 24 * time.Hour
)

// standings is how the replication from this master stands.
func (l *look) standings(ctx context.Context) ([]replicate.Standing, verdict) {
	if !resources.Follows(l.Config) {
		return nil, skipped("replication.runner is %q: who copies then tells nobody", l.Config.Replication.Runner)
	}
	o, err := resources.Replication(l.Config, l.Node.Host, nil)
	if err != nil {
		return nil, unknown(err)
	}
	list, err := replicate.Standings(ctx, o, false)
	switch {
	case err != nil:
		return nil, unknown(err)
	case len(list) == 0:
		return nil, skipped("ha.hcl has nothing replicated")
	}
	return list, verdict{}
}

func replicated(ctx context.Context, l *look) verdict {
	if !l.isMaster() {
		return l.readiness("replication")
	}
	list, why := l.standings(ctx)
	if list == nil {
		return why
	}
	var says, amiss []string
	mend := "`hotpair replicate`, and see `hotpair history`"
	for _, s := range list {
		switch age := time.Since(s.Good); {
		case s.Waits != "":
			amiss, mend = append(amiss, s.What+": "+s.Waits), "read the file that is named, then `hotpair replicate --allow overwrite`"
		case s.Failure != "":
			amiss = append(amiss, s.What+": the last run failed: "+s.Failure)
		case s.Good.IsZero():
			amiss = append(amiss, s.What+": never replicated well")
		case age > latest:
			amiss = append(amiss, fmt.Sprintf("%s: last replicated well at %s", s.What, stamp(s.Good)))
		default:
			says = append(says, s.What+" at "+stamp(s.Good))
		}
	}
	return either(amiss, mend, "%s", strings.Join(says, ", "))
}

func verified(ctx context.Context, l *look) verdict {
	list, why := l.standings(ctx)
	if list == nil {
		return why
	}
	var says, amiss []string
	for _, s := range list {
		switch {
		case s.Verified.IsZero():
			amiss = append(amiss, s.What+": never verified")
		case time.Since(s.Verified) > latestVerified:
			amiss = append(amiss, s.What+": last verified at "+stamp(s.Verified))
		default:
			says = append(says, s.What+" at "+stamp(s.Verified))
		}
	}
	return either(slices.Clone(amiss), "`hotpair replicate --verify`", "%s", strings.Join(says, ", "))
}

func stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }
