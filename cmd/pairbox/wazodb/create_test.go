package wazodb_test

import (
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

func TestCreateMakesTheLayout(t *testing.T) {
	conn := boxtest.Database(t, boxtest.Postgres(t, postgres.Options{}), "asterisk")
	if err := wazodb.Create(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"SELECT count(*) FROM pg_tables WHERE schemaname = 'public'":                                                          189,
		"SELECT count(*) FROM pg_sequences WHERE schemaname = 'public'":                                                       70,
		"SELECT count(*) FROM pg_constraint WHERE contype = 'f'":                                                              196,
		"SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c'":                                        142,
		"SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'":                                                         454,
		"SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal":                                                              1,
		"SELECT count(*) FROM pg_extension WHERE extname IN ('pgcrypto', 'uuid-ossp', 'unaccent', 'hstore')":                  4,
		"SELECT count(*) FROM pg_enum e JOIN pg_type t ON t.oid = enumtypid WHERE typname = 'useriax_auth'":                   7,
		"SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'":                                       1211,
		"SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND column_default LIKE 'nextval%'":    70,
		"SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace AND conkey[2] <> 0": 51,
	} {
		var got int
		if err := conn.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d rather than %d, %v", query, got, want, err)
		}
	}
}
