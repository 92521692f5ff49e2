package rows

import (
	"context"
	"errors"
	"strings"
)

// lock keeps writers, and nobody else, off the standby's tables.
func (p *pair) lock(ctx context.Context, tables []*table) error {
	if len(tables) == 0 {
		return nil
	}
	var from []string
	for _, t := range tables {
		from = append(from, t.from())
	}
	if err := p.endLeft(ctx); err != nil {
		return err
	}
	err := p.standby.exec(ctx, "LOCK TABLE "+strings.Join(from, ", ")+" IN SHARE ROW EXCLUSIVE MODE")
	if code(err) != lockNotAvailable {
		return err
	}
	held, seen := p.holder(ctx, tables)
	return errors.Join(held, seen)
}

// endLeft ends sessions of earlier runs on the standby. One run goes on at a time,
// so they are of runs whose link was cut: nobody told the server, which would
// keep their locks until TCP gives up, for two hours.
func (p *pair) endLeft(ctx context.Context) error {
	return p.standby.exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"+sessionName+"' AND datname = current_database() AND pid <> pg_backend_pid()")
}

// holder tells who keeps the tables locked.
func (p *pair) holder(ctx context.Context, tables []*table) (*Locked, error) {
	if err := p.standby.exec(ctx, "ROLLBACK"); err != nil {
		return &Locked{}, err
	}
	var wanted []string
	for _, t := range tables {
		wanted = append(wanted, t.name)
	}
	rows, err := p.standby.table(ctx, query{`SELECT c.relname, a.pid::text, coalesce(a.usename::text, ''), coalesce(a.application_name, ''), coalesce(a.state, ''), to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS "UTC"')
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND a.pid <> pg_backend_pid() AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1::text[])
AND l.mode IN ('RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock', 'ExclusiveLock', 'AccessExclusiveLock')
ORDER BY a.xact_start LIMIT 1`, [][]string{wanted}})
	if err != nil || len(rows) == 0 {
		return &Locked{}, err
	}
	r := texts(rows[0])
	who := "process " + r[1] + " (user " + r[2]
	if r[3] != "" {
		who += ", " + r[3]
	}
	return &Locked{Table: r[0], Who: who + ", " + r[4] + ", in a transaction since " + r[5] + "): let it end, or end it there with SELECT pg_terminate_backend(" + r[1] + ")"}, nil
}
