package wazodb_test

import (
	"maps"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

func TestChangeEditsAsManyRowsAsItIsTold(t *testing.T) {
	conn := boxtest.Platform(t, boxtest.Postgres(t, postgres.Options{}), "asterisk", wazodb.Filling{Users: 200, Seed: 1})
	edits := func() (inserted, updated, deleted int) {
		err := conn.QueryRow(t.Context(), `SELECT sum(n_tup_ins)::int, sum(n_tup_upd)::int, sum(n_tup_del)::int
			FROM (SELECT pg_stat_force_next_flush()) f, pg_stat_user_tables`).Scan(&inserted, &updated, &deleted)
		if err != nil {
			t.Fatal(err)
		}
		return inserted, updated, deleted
	}
	for seed, rows := range []int{10, 1000, 1} {
		edits() // what was counted before is told now
		i, u, d := edits()
		if err := wazodb.Change(t.Context(), conn, wazodb.Changing{Rows: rows, Seed: uint64(seed)}); err != nil {
			t.Fatal(err)
		}
		edits()
		inserted, updated, deleted := edits()
		inserted, updated, deleted = inserted-i, updated-u, deleted-d
		if inserted+updated+deleted != rows || rows == 1000 && (inserted < 100 || updated < 400 || deleted < 20) {
			t.Errorf("%d rows: %d inserted, %d updated, %d deleted", rows, inserted, updated, deleted)
		}
		noOrphans(t, conn)
	}
}

func TestDigestTellsContentAndNothingElse(t *testing.T) {
	s := boxtest.Postgres(t, postgres.Options{})
	digest := func(conn *pgx.Conn) map[string]string {
		d, err := wazodb.Digest(t.Context(), conn, nil)
		if err != nil || len(d) != 189+70 {
			t.Fatal(len(d), err)
		}
		return d
	}
	first := boxtest.Platform(t, s, "first", wazodb.Filling{Users: 20, Seed: 1})
	before := digest(first)
	second := boxtest.Platform(t, s, "second", wazodb.Filling{Users: 20, Seed: 1})
	if _, err := second.Exec(t.Context(), "SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Kathmandu'; UPDATE userfeatures SET lastname = lastname"); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(before, digest(second)) {
		t.Error("it takes order and settings for content")
	}
	if maps.Equal(before, digest(boxtest.Platform(t, s, "other", wazodb.Filling{Users: 20, Seed: 2}))) {
		t.Error("it takes other content for the same")
	}
	for statement, name := range map[string]string{
		"UPDATE dird_source SET extra_fields = (extra_fields::text || ' ')::json": "dird_source",
		"DELETE FROM stat_switchboard_queue WHERE id = 1":                         "stat_switchboard_queue",
		"SELECT nextval('voicemail_uniqueid_seq')":                                "voicemail_uniqueid_seq",
		"UPDATE infos SET timezone = CASE WHEN timezone IS NULL THEN '' END":      "infos",
	} {
		if _, err := first.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		after := digest(first)
		if before[name] == after[name] {
			t.Errorf("%s: nothing was told", statement)
		}
	}
}

func TestOrphansAreFound(t *testing.T) {
	conn := boxtest.Platform(t, boxtest.Postgres(t, postgres.Options{}), "asterisk", wazodb.Filling{Users: 20, Seed: 1})
	if _, err := conn.Exec(t.Context(), "SET session_replication_role = replica; DELETE FROM dird_phonebook WHERE id = 2"); err != nil {
		t.Fatal(err)
	}
	orphans, err := wazodb.Orphans(t.Context(), conn)
	if err != nil || len(orphans) != 3 {
		t.Error(orphans, err)
	}
}
