package wazodb

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Digest is a digest of each table's rows, in whatever order they are, and the
// state of each sequence that a column of these tables owns. Two databases with
// the same answer hold the same, though their columns stand in another order and
// their types have other numbers. No tables mean all of schema public.
func Digest(ctx context.Context, conn *pgx.Conn, tables []string) (map[string]string, error) {
	digests := map[string]string{}
	err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SET LOCAL search_path = public, pg_catalog; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = postgres; SET LOCAL TimeZone = 'UTC';
			SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = hex; SET LOCAL lc_monetary = 'C'; SET LOCAL work_mem = '256MB'`)
		if err == nil && len(tables) == 0 {
			tables, err = names(ctx, tx, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
		}
		for _, table := range tables {
			if err == nil {
				err = digestTable(ctx, tx, table, digests)
			}
		}
		return err
	})
	return digests, err
}

func names(ctx context.Context, tx pgx.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func digestTable(ctx context.Context, tx pgx.Tx, table string, digests map[string]string) error {
	relation := pgx.Identifier{"public", table}.Sanitize()
	columns, err := names(ctx, tx, `SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped`, relation)
	if err != nil {
		return fmt.Errorf("digesting %s: %w", table, err)
	}
	slices.Sort(columns)
	query := fmt.Sprintf(`SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(h, '' ORDER BY h COLLATE "C")), '') FROM (SELECT md5(ROW(%s)::text) AS h FROM %s) x`, quoteAll(columns), relation)
	var text string
	if err := tx.QueryRow(ctx, query).Scan(&text); err != nil {
		return fmt.Errorf("digesting %s: %w", table, err)
	}
	digests[table] = text
	sequences, err := names(ctx, tx, `SELECT relname FROM pg_depend JOIN pg_class s ON s.oid = objid AND relkind = 'S'
		WHERE refclassid = 'pg_class'::regclass AND classid = refclassid AND refobjid = $1::text::regclass AND refobjsubid > 0 AND deptype IN ('a', 'i')`, relation)
	for _, sequence := range sequences {
		var state string
		if err == nil {
			err = tx.QueryRow(ctx, "SELECT last_value || ' ' || is_called FROM "+pgx.Identifier{"public", sequence}.Sanitize()).Scan(&state)
		}
		digests[sequence] = state
	}
	return err
}
