package wazodb_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

func noOrphans(t testing.TB, conn *pgx.Conn) {
	t.Helper()
	if orphans, err := wazodb.Orphans(t.Context(), conn); err != nil || len(orphans) > 0 {
		t.Errorf("orphans: %v, %v", orphans, err)
	}
}

func TestFillIsInProportionAndWhole(t *testing.T) {
	conn := boxtest.Platform(t, boxtest.Postgres(t, postgres.Options{}), "asterisk", wazodb.Filling{Users: 200, Seed: 1, History: true})
	noOrphans(t, conn)
	for query, want := range map[string]int{
		"SELECT count(*) FROM user_line":                                    200,
		"SELECT count(*) FROM dialaction":                                   1199,
		"SELECT count(*) FROM cel":                                          40000,
		"SELECT count(*) FROM features":                                     14,
		"SELECT count(*) FROM tenant":                                       1,
		"SELECT nextval('userfeatures_id_seq') - max(id) FROM userfeatures": 1,
	} {
		var got int
		if err := conn.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d rather than %d, %v", query, got, want, err)
		}
	}
	tables, err := wazodb.Tables()
	if err != nil || len(tables) != 189 {
		t.Fatal(len(tables), err)
	}
	for _, table := range tables {
		var some bool
		if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM "+pgx.Identifier{table}.Sanitize()+")").Scan(&some); err != nil || !some {
			t.Errorf("%s has no row, %v", table, err)
		}
	}
	rows, err := conn.Query(t.Context(), "SELECT data_type || ' ' || udt_name, table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
	if err != nil {
		t.Fatal(err)
	}
	seen, kind, table, column := map[string]bool{}, "", "", ""
	var probes []string
	if _, err := pgx.ForEachRow(rows, []any{&kind, &table, &column}, func() error {
		seen[kind] = false
		probes = append(probes, kind, "SELECT EXISTS (SELECT FROM "+pgx.Identifier{table}.Sanitize()+" WHERE "+pgx.Identifier{column}.Sanitize()+" IS NOT NULL)")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(probes); i += 2 {
		var some bool
		if err := conn.QueryRow(t.Context(), probes[i+1]).Scan(&some); err != nil {
			t.Fatal(err)
		}
		seen[probes[i]] = seen[probes[i]] || some
	}
	for kind, some := range seen {
		if !some {
			t.Errorf("there is no value of type %s", kind)
		}
	}
}
