package main

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// PostgreSQL tells late what a session wrote that lives on; what the standby
// wrote last must not be lost by that.
func TestWhatTheStandbyWroteLastIsNotOverwritten(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, "")
	r.expect(exitOK, "replicate", "database", "--allow", "overwrite")
	back := r.standby.moves(passive)
	conn, err := r.databases[r.standby.dir].Connect(t.Context(), "asterisk")
	r.must(err)
	defer conn.Close(t.Context())
	for _, statement := range []string{"CREATE TEMP TABLE first (id int)", "SELECT pg_stat_force_next_flush()", "SELECT 1", "UPDATE endpoint_sip_section_option SET value = 'last words'"} {
		_, err := conn.Exec(t.Context(), statement, pgx.QueryExecModeSimpleProtocol)
		r.must(err)
	}
	back()
	r.contains(r.expect(exitError, "replicate", "database").err, "6 rows were made or changed on the standby since the last good run", "endpoint_sip_section_option")
	if got := r.ask(r.standby, "SELECT min(value) FROM endpoint_sip_section_option"); got != "last words" {
		t.Errorf("the standby has %q", got)
	}
}
