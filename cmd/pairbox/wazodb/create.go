package wazodb

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	extensions = `CREATE EXTENSION IF NOT EXISTS pgcrypto; CREATE EXTENSION IF NOT EXISTS "uuid-ossp"; CREATE EXTENSION IF NOT EXISTS unaccent; CREATE EXTENSION IF NOT EXISTS hstore;`

	// An agent that pauses in all queues is entered once a queue.
	trigger = `CREATE FUNCTION queue_log_agent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.event IN ('PAUSEALL', 'UNPAUSEALL') THEN
		UPDATE queue_log SET agent = NEW.agent WHERE callid = NEW.callid AND event = right(NEW.event, 8) AND agent IS NULL;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER queue_log_agent AFTER INSERT ON queue_log FOR EACH ROW EXECUTE FUNCTION queue_log_agent();`
)

// Create makes the tables in an empty database. The extensions need a superuser
// and PostgreSQL's contributed modules.
func Create(ctx context.Context, conn *pgx.Conn) error {
	l, err := readLayout()
	if err != nil {
		return err
	}
	statements := slices.Concat([]string{"BEGIN", extensions}, l.createTypes(), l.createTables(), l.createIndexes(), l.createKeys(), []string{trigger, "COMMIT"})
	if _, err = conn.Exec(ctx, strings.Join(statements, ";\n")); err != nil {
		return fmt.Errorf("making the tables: %w", err)
	}
	return nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

func (l layout) createTypes() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(l.enums)) {
		list = append(list, fmt.Sprintf("CREATE TYPE %s AS ENUM ('%s')", name, strings.Join(l.enums[name], "', '")))
	}
	return list
}

func (l layout) createTables() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(l.tables)) {
		var columns []string
		for _, c := range l.tables[name] {
			text := quote(c.name) + " " + c.kind
			if c.serial {
				text = quote(c.name) + " serial"
			}
			if c.notNull {
				text += " NOT NULL"
			}
			columns = append(columns, text)
		}
		list = append(list, fmt.Sprintf("CREATE TABLE %s (%s)", quote(name), strings.Join(columns, ", ")))
	}
	return list
}

func (l layout) createIndexes() []string {
	plain := regexp.MustCompile(`^[a-z0-9_-]+$`)
	var list []string
	for _, i := range l.indexes {
		var columns []string
		for _, c := range i.columns {
			if plain.MatchString(c) {
				c = quote(c)
			}
			columns = append(columns, c)
		}
		if i.kind == "primary" {
			list = append(list, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (%s)", quote(i.table), quote(i.name), strings.Join(columns, ", ")))
			continue
		}
		text := fmt.Sprintf("CREATE %s INDEX %s ON %s USING %s (%s)", i.kind, quote(i.name), quote(i.table), i.method, strings.Join(columns, ", "))
		if i.predicate != "" {
			text += " WHERE " + i.predicate
		}
		list = append(list, text)
	}
	return list
}

func (l layout) createKeys() []string {
	var list []string
	for _, k := range l.keys {
		list = append(list, fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s",
			quote(k.table), quote(k.name), quoteAll(k.columns), quote(k.parent), quoteAll(k.parentColumns), k.onDelete))
	}
	return list
}
