package rows

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/oddrows"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

// platformClasses are a part of platform wazo's.
var platformClasses = Classes{
	Version:   []string{"alembic_version", "alembic_version_auth", "alembic_version_dird", "alembic_version_webhookd", "call_logd_alembic_version", "chatd_alembic_version"},
	NodeLocal: []string{"auth_session", "auth_token", "chatd_session", "infos", "session", "webhookd_subscription_log"},
	Excluded: []string{"cel", "dhcp", "mail", "netiface", "queue_log", "resolvconf", "stat_agent", "stat_agent_periodic", "stat_call_on_queue", "stat_queue", "stat_queue_periodic",
		"call_logd_call_log", "call_logd_call_log_destination", "call_logd_call_log_participant", "call_logd_export", "call_logd_recording", "call_logd_voicemail_transcription", "provisioning"},
}

// digests is the content of every table by a hash of the box's own.
func (b *box) digests(s *postgres.Server) (all map[string]string) {
	b.t.Helper()
	b.with(s, func(conn *pgx.Conn) (err error) {
		all, err = wazodb.Digest(b.t.Context(), conn, nil)
		return err
	})
	return all
}

// owner is the table that a digest belongs to: a sequence's is its table's.
func owner(name string) string {
	table, _, _ := strings.Cut(name, "_id_seq")
	return table
}

func TestThePlatformsTablesBecomeEqual(t *testing.T) {
	b := newBox(t, "")
	b.with(b.master, func(c *pgx.Conn) error { return wazodb.Create(t.Context(), c) })
	b.with(b.standby, func(c *pgx.Conn) error { return wazodb.Create(t.Context(), c) })
	b.with(b.master, func(c *pgx.Conn) error {
		return wazodb.Fill(t.Context(), c, wazodb.Filling{Users: 200, Seed: 1, History: true})
	})
	b.with(b.standby, func(c *pgx.Conn) error {
		return wazodb.Fill(t.Context(), c, wazodb.Filling{Users: 150, Seed: 2, History: true})
	})
	for _, table := range platformClasses.Version {
		version := b.one(b.master, "SELECT min(version_num) FROM "+table)
		b.do(b.standby, "UPDATE "+table+" SET version_num = '"+version+"'")
	}
	before := b.digests(b.standby)
	j := b.job(platformClasses)
	r := b.run(j)
	t.Logf("%d tables compared, %d differed, actions %+v", r.Compared, len(r.Tables), r.Actions)
	b.platformEqual(before, r)
	for round := range 3 {
		b.with(b.master, func(c *pgx.Conn) error {
			return wazodb.Change(t.Context(), c, wazodb.Changing{Rows: 200, Seed: uint64(round)})
		})
		before := b.digests(b.standby)
		r := b.run(j)
		if in, changed, gone := r.Total(); in+changed+gone < 150 || in+changed+gone > 200 || in == 0 || gone == 0 { // some are edited twice
			t.Errorf("200 edits, and %d, %d, %d copied", in, changed, gone)
		}
		b.platformEqual(before, r)
	}
	b.restores(b.standby)
}

// platformEqual insists that what is copied is equal, what is not is untouched
// but for the foreign keys' actions, and nothing refers to nothing.
func (b *box) platformEqual(before map[string]string, r Result) {
	b.t.Helper()
	touched := map[string]bool{}
	for _, a := range r.Actions {
		touched[a.Table] = true
	}
	master, standby := b.digests(b.master), b.digests(b.standby)
	for _, name := range slices.Sorted(maps.Keys(master)) {
		switch copied := platformClasses.copied(owner(name)); {
		case copied && master[name] != standby[name]:
			b.t.Errorf("%s differs", name)
		case !copied && before[name] != standby[name] && !touched[owner(name)] && !b.follows(owner(name), touched):
			b.t.Errorf("%s was touched", name)
		}
	}
	b.with(b.standby, func(c *pgx.Conn) error {
		orphans, err := wazodb.Orphans(b.t.Context(), c)
		if len(orphans) > 0 {
			b.t.Errorf("orphans: %q", orphans)
		}
		return err
	})
}

// follows tells whether a table hangs on one that an action touched.
func (b *box) follows(table string, touched map[string]bool) bool {
	for _, parent := range strings.Split(b.one(b.standby, "SELECT coalesce(string_agg(confrelid::regclass::text, ','), '') FROM pg_constraint WHERE contype = 'f' AND conrelid = '"+table+"'::regclass"), ",") {
		if touched[parent] {
			return true
		}
	}
	return false
}

// restores insists that a dump of a database restores without an error.
func (b *box) restores(s *postgres.Server) {
	b.t.Helper()
	dump, err := s.Program("pg_dump", "--format=plain", b.database).Output()
	if err != nil {
		b.t.Fatal(err)
	}
	again := &box{t: b.t, database: b.database + "_again"}
	again.create(s)
	cmd := s.Program("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname="+again.database)
	cmd.Stdin = bytes.NewReader(dump)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Errorf("restoring a dump of the standby: %v: %s", err, out)
	}
}

// Whatever a master's rows go through, the standby's are the same after a run.
func TestOddRowsBecomeEqual(t *testing.T) {
	rounds := 12
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		rounds = 200
	}
	b := newBox(t, "")
	b.with(b.master, func(c *pgx.Conn) error { return oddrows.Create(t.Context(), c, false) })
	b.with(b.standby, func(c *pgx.Conn) error { return oddrows.Create(t.Context(), c, true) })
	rng := rand.New(rand.NewPCG(7, 7))
	j := b.job(Classes{})
	j.AcceptMaster = true
	for round := range rounds {
		b.with(b.master, func(c *pgx.Conn) error { return oddrows.Mutate(t.Context(), c, rng, 1+rng.IntN(80)) })
		if rng.IntN(3) == 0 { // the standby was written, too
			b.with(b.standby, func(c *pgx.Conn) error { return oddrows.Mutate(t.Context(), c, rng, 1+rng.IntN(30)) })
		}
		j.Full = rng.IntN(4) == 0
		b.run(j)
		master, standby := b.digests(b.master), b.digests(b.standby)
		for _, name := range slices.Sorted(maps.Keys(master)) {
			if master[name] != standby[name] {
				t.Fatalf("round %d: %s differs", round, name)
			}
		}
		if v, err := j.Verify(t.Context()); err != nil || !v.Equal() {
			t.Fatalf("round %d: verification says %+v, %v", round, v, err)
		}
	}
}

// A hash that missed a difference would be believed: what is equal by the
// comparison must be equal by content, and the other way round.
func TestAVerificationSeesTheSmallestDifference(t *testing.T) {
	b := newBox(t, `CREATE TABLE v (id int PRIMARY KEY, n numeric, f float8, j json, a text[], c char(4), t text, d timestamptz)`)
	const row = `INSERT INTO v VALUES (1, 1.0, 0.0, '{"a":1}', '{a,NULL}', 'ab', '', '2020-01-01 00:00:00+01')`
	b.do(b.master, row)
	b.do(b.standby, row)
	for _, change := range []string{"n = 1.00", "f = '-0'", `j = '{"a": 1}'`, "a = '{a,\"NULL\"}'", "t = NULL", "d = d + '1 microsecond'"} {
		b.do(b.standby, "UPDATE v SET "+change)
		v, err := b.job(Classes{}).Verify(t.Context())
		if err != nil || len(v.Tables) != 1 || v.Tables[0].Changed != 1 {
			t.Errorf("%s: %+v, %v", change, v, err)
		}
		b.do(b.standby, "TRUNCATE v; "+row)
	}
	if v, err := b.job(Classes{}).Verify(t.Context()); err != nil || !v.Equal() {
		t.Errorf("%+v, %v", v, err)
	}
}
