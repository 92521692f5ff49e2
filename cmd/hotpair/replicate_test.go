package main

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
)

// replicated is a master and its passive standby whose channel is made, each
// with a database.
type replicated struct {
	*joined
	databases map[string]*postgres.Server
}

const (
	moh     = "var/lib/asterisk/moh"
	hbaPath = "etc/postgresql/15/main/pg_hba.conf"
)

// newReplicated makes a pair whose databases hold the tables of the sandbox.
func newReplicated(t *testing.T, blocks string) *replicated {
	t.Helper()
	r := &replicated{joined: newJoined(t), databases: map[string]*postgres.Server{}}
	r.must(os.Chmod(filepath.Dir(r.dir), 0o755)) // the servers' user enters it
	r.pairBlocks(blocks)
	statements, err := os.ReadFile("../../testdata/sandbox/wazo.sql")
	r.must(err)
	for _, b := range []box{r.box, r.standby} {
		b.put(hbaPath, strings.ReplaceAll(b.get(hbaPath), "peer\n", "trust\n"))
		s := boxtest.Postgres(t, postgres.Options{Dir: b.dir})
		r.databases[b.dir] = s
		conn := boxtest.Database(t, s, "asterisk")
		_, err := conn.Exec(t.Context(), string(statements))
		r.must(err)
		conn.Close(t.Context())
		b.must(os.MkdirAll(filepath.Join(b.dir, moh), 0o755))
		b.must(os.Symlink("/usr/bin/rsync", filepath.Join(b.dir, "usr/bin/rsync")))
	}
	r.channel()
	return r
}

// pairBlocks declares both nodes; the blocks are added to what makes the pair.
func (r *replicated) pairBlocks(blocks string) {
	r.t.Helper()
	r.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"127.0.0.2\"\n  ssh {\n    port = %d\n    host_key = %q\n  }\n}\nprovisioning {\n  enabled = false\n}\n%s", r.port, r.hostKey, blocks))
	r.standby.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"127.0.0.3\"\n}\nprovisioning {\n  enabled = false\n}\n")
}

// channel makes what init makes.
func (r *replicated) channel() {
	r.t.Helper()
	h, err := host.Open(r.dir)
	r.must(err)
	defer h.Close()
	r.must(peer.MakeKey(r.t.Context(), h))
	key, err := peer.OwnKey(h)
	r.must(err)
	s, err := host.Open(r.standby.dir)
	r.must(err)
	defer s.Close()
	_, err = peer.Authorize(s, peer.Admission{Key: key, From: netip.MustParseAddr("127.0.0.1"), Command: []string{binary(r.t), "--root", r.standby.dir, "peer"}}, false)
	r.must(err)
}

// sql executes statements in a node's database.
func (r *replicated) sql(b box, statements string) {
	r.t.Helper()
	r.with(b, func(conn *pgx.Conn) error {
		_, err := conn.PgConn().Exec(r.t.Context(), statements+"; SELECT pg_stat_force_next_flush()").ReadAll()
		return err
	})
}

// ask is the only value that a query of a node's database gives.
func (r *replicated) ask(b box, query string) (value string) {
	r.t.Helper()
	r.with(b, func(conn *pgx.Conn) error { return conn.QueryRow(r.t.Context(), query).Scan(&value) })
	return value
}

func (r *replicated) with(b box, do func(*pgx.Conn) error) {
	r.t.Helper()
	conn, err := r.databases[b.dir].Connect(r.t.Context(), "asterisk")
	r.must(err)
	defer conn.Close(r.t.Context())
	r.must(do(conn))
}

func TestReplicateByHand(t *testing.T) {
	t.Parallel()
	r := newReplicated(t, "")
	r.put(moh+"/hold.wav", "tune")
	r.sql(r.box, "UPDATE endpoint_sip_section_option SET value = 'of-a-row'")
	d := r.expect(exitOK, "replicate", "--dry-run")
	r.contains(d.out, "endpoint_sip_section_option", "6 of these are rows of the standby that differ", "cannot tell who changed them", "create     /var/lib/asterisk/moh/hold.wav", nothingChanged)
	if n := strings.Count(d.out, nothingChanged); n != 1 {
		t.Errorf("it says %d times that nothing was changed", n)
	}
	r.standby.is(moh+"/hold.wav", absent)
	v := r.expect(exitDifferent, "replicate", "--verify")
	r.contains(v.out, "database: not equal", "files: not equal")
	if got := r.ask(r.standby, "SELECT count(*)::text FROM endpoint_sip_section_option WHERE value = 'of-a-row'"); got != "0" {
		t.Errorf("a dry run or a verification wrote %s rows", got)
	}
	w := r.expect(exitInPart, "replicate")
	if strings.Contains(w.out, "in endpoint_sip_section_option") {
		t.Errorf("what waits is told twice: %s", w.out)
	}
	r.contains(w.err, "6 rows of the standby differ from the master's and would be overwritten or deleted, in endpoint_sip_section_option; before the first run hotpair cannot tell who changed them.",
		"Their present content is kept on this node in /var/lib/hotpair/kept/rows-", "run `hotpair replicate database --allow overwrite`. Until then the database is not replicated.")
	r.standby.is(moh+"/hold.wav", "tune")
	w = r.expect(exitOK, "replicate", "--allow", "overwrite")
	r.contains(w.out, "database: copied: 6 changed rows", "files: nothing to copy", "differ, in endpoint_sip_section_option", "they are kept in /var/lib/hotpair/kept/rows-")
	r.contains(r.expect(exitOK, "replicate", "--verify").out, "database: equal by content", "files: equal by content")
	r.contains(r.expect(exitOK, "replicate", "database").out, "database: nothing to copy (0 tables compared")
	kept, err := filepath.Glob(r.dir + "/var/lib/hotpair/kept/*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept: %q, %v", kept, err)
	}
	if info, err := os.Stat(kept[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	h := r.expect(exitOK, "history")
	r.contains(h.out, "by hand   database: copied", "files: copied: 1 new file")
	if strings.Contains(r.get("var/lib/hotpair/history.jsonl"), "of-a-row") {
		t.Error("the history holds the content of a row")
	}
}
