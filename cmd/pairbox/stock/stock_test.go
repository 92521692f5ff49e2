package stock_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/stock"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

// node is a server with a filled database.
func node(t *testing.T, address string, seed uint64) (*postgres.Server, *pgx.Conn) {
	t.Helper()
	s := boxtest.Postgres(t, postgres.Options{Address: address, Port: boxtest.FreePort(t, address)})
	return s, boxtest.Platform(t, s, "asterisk", wazodb.Filling{Users: 20, Seed: seed})
}

func TestReplicateMakesACopyOfAllButWhatIsExcluded(t *testing.T) {
	master, from := node(t, "127.0.0.1", 1)
	standby, to := node(t, "127.0.0.2", 2)
	all, err := wazodb.Tables()
	if err != nil {
		t.Fatal(err)
	}
	copied := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(stock.Excluded(), name) })
	digest := func(conn *pgx.Conn, tables []string) map[string]string {
		d, err := wazodb.Digest(t.Context(), conn, tables)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	own := digest(to, []string{"cel", "stat_queue"})
	if maps.Equal(digest(from, copied), digest(to, copied)) {
		t.Fatal("the databases are the same before")
	}
	for range 2 {
		if err := stock.Replicate(t.Context(), master, standby, t.TempDir()); err != nil {
			t.Fatal(err)
		}
		if want, got := digest(from, copied), digest(to, copied); !maps.Equal(want, got) {
			t.Error("the standby is no copy")
		}
	}
	if !maps.Equal(own, digest(to, []string{"cel", "stat_queue"})) {
		t.Error("what is excluded was changed")
	}
}
