package oddrows_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/oddrows"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

func TestSameChangesMakeTheSameRowsInBothVariants(t *testing.T) {
	s := boxtest.Postgres(t, postgres.Options{})
	first, second := database(t, s, "first", false), database(t, s, "second", true)
	for seed := range uint64(3) {
		for _, conn := range []*pgx.Conn{first, second} {
			if err := oddrows.Mutate(t.Context(), conn, rand.New(rand.NewPCG(seed, 1)), 400); err != nil {
				t.Fatal(err)
			}
		}
		one, other := digest(t, first), digest(t, second)
		if !maps.Equal(one, other) {
			t.Fatalf("seed %d: %v\n%v", seed, one, other)
		}
	}
	for _, table := range oddrows.Tables() {
		var rows int
		if err := first.QueryRow(t.Context(), "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&rows); err != nil || rows < 3 {
			t.Errorf("%s has %d rows, %v", table, rows, err)
		}
	}
	before := digest(t, first)
	if err := oddrows.Mutate(t.Context(), first, rand.New(rand.NewPCG(9, 1)), 100); err != nil {
		t.Fatal(err)
	}
	after := digest(t, first)
	changed := 0
	for name := range before {
		if before[name] != after[name] {
			changed++
		}
	}
	if changed < 8 {
		t.Errorf("%d tables and sequences of %d changed", changed, len(before))
	}
	if orphans, err := wazodb.Orphans(t.Context(), first); err != nil || len(orphans) > 0 {
		t.Error(orphans, err)
	}
}

// Every value must be one that the server takes, or it would never occur.
func TestEveryColumnHasManyValues(t *testing.T) {
	conn := database(t, boxtest.Postgres(t, postgres.Options{}), "odd", false)
	if err := oddrows.Mutate(t.Context(), conn, rand.New(rand.NewPCG(5, 5)), 4000); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), "SELECT attname FROM pg_attribute WHERE attrelid = 'plain'::regclass AND attnum > 0")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 30 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		var values, nulls int
		if err := conn.QueryRow(t.Context(), "SELECT count(DISTINCT "+name+"::text), count(*) - count("+name+") FROM plain").Scan(&values, &nulls); err != nil {
			t.Fatal(err)
		}
		if values < 2 || nulls == 0 && name != "id" {
			t.Errorf("%s has %d values and %d nulls", name, values, nulls)
		}
	}
}

func database(t *testing.T, s *postgres.Server, name string, other bool) *pgx.Conn {
	t.Helper()
	conn := boxtest.Database(t, s, name)
	if err := oddrows.Create(t.Context(), conn, other); err != nil {
		t.Fatal(err)
	}
	return conn
}

func digest(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	d, err := wazodb.Digest(t.Context(), conn, oddrows.Tables())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
