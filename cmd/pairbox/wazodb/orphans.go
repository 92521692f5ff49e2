package wazodb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Orphans checks every foreign key of schema public by itself, whatever the
// server believes, and answers "constraint: number" for each that rows violate.
// A key with a null among its columns refers to nothing.
func Orphans(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	keys, err := readKeys(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("reading the foreign keys: %w", err)
	}
	var list []string
	for _, k := range keys {
		var given, equal []string
		for i, name := range k.Columns {
			given = append(given, "c."+quote(name)+" IS NOT NULL")
			equal = append(equal, "p."+quote(k.ParentColumns[i])+" = c."+quote(name))
		}
		var count int
		query := fmt.Sprintf("SELECT count(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)",
			quote(k.Table), strings.Join(given, " AND "), quote(k.Parent), strings.Join(equal, " AND "))
		if err := conn.QueryRow(ctx, query).Scan(&count); err != nil {
			return nil, fmt.Errorf("checking %s: %w", k.Name, err)
		}
		if count > 0 {
			list = append(list, fmt.Sprintf("%s: %d", k.Name, count))
		}
	}
	return list, nil
}

// key is a foreign key as the server has it.
type key struct {
	Name, Table, Parent    string
	Columns, ParentColumns []string
}

func readKeys(ctx context.Context, conn *pgx.Conn) ([]key, error) {
	const columns = `ARRAY(SELECT attname::text FROM unnest(%s) WITH ORDINALITY u(n, o) JOIN pg_attribute ON attrelid = %s AND attnum = n ORDER BY o)`
	rows, err := conn.Query(ctx, fmt.Sprintf(`SELECT conname::text AS name, c.relname::text AS table, p.relname::text AS parent, %s AS columns, %s AS parent_columns
		FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid JOIN pg_class p ON p.oid = confrelid
		WHERE contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY conname`,
		fmt.Sprintf(columns, "conkey", "conrelid"), fmt.Sprintf(columns, "confkey", "confrelid")))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[key])
}
