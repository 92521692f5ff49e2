package rows

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const small = `CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE tenant (uuid uuid PRIMARY KEY, name text);
CREATE TABLE users (id serial PRIMARY KEY, tenant uuid REFERENCES tenant ON DELETE CASCADE, name varchar(64) UNIQUE, mood mood, note json);
CREATE TABLE keyless (a text, b int);
CREATE TABLE version (num text PRIMARY KEY);
CREATE TABLE calls (id serial PRIMARY KEY, tenant uuid REFERENCES tenant ON DELETE CASCADE, who int REFERENCES users ON DELETE SET NULL);
CREATE TABLE legs (id serial PRIMARY KEY, call int REFERENCES calls ON DELETE CASCADE);
INSERT INTO version VALUES ('abc')`

var smallClasses = Classes{Version: []string{"version"}, Excluded: []string{"calls", "legs"}}

const someRows = `INSERT INTO tenant VALUES ('00000000-0000-0000-0000-000000000001', 'one'), ('00000000-0000-0000-0000-000000000002', 'two');
INSERT INTO users (tenant, name, mood, note) SELECT '00000000-0000-0000-0000-000000000001', 'user ' || n, 'happy', '{"b": 1,  "a": 2}' FROM generate_series(1, 300) n;
INSERT INTO keyless VALUES ('x', 1), ('x', 1), (NULL, 2), (E'\\.\n\t\\N', NULL)`

func TestRunMakesTheStandbyEqual(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	j := b.job(smallClasses)
	r := b.run(j)
	if in, changed, gone := r.Total(); in != 306 || changed != 0 || gone != 0 || !r.Full {
		t.Errorf("first: %+v", r)
	}
	b.equal(t, "tenant", "users", "keyless")
	b.do(b.standby, "INSERT INTO calls (tenant, who) VALUES ('00000000-0000-0000-0000-000000000002', 1), ('00000000-0000-0000-0000-000000000001', 2); INSERT INTO legs (call) VALUES (1), (2)")
	b.do(b.master, `DELETE FROM tenant WHERE name = 'two'; DELETE FROM users WHERE id = 2;
UPDATE users SET name = CASE id WHEN 3 THEN 'user 4' ELSE 'user 3' END || '.' WHERE id IN (3, 4); UPDATE users SET note = '{"a": 2, "b": 1}' WHERE id = 5;
DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless WHERE a = 'x'); SELECT nextval('users_id_seq')`)
	r = b.run(j)
	b.equal(t, "tenant", "users", "keyless")
	if got := b.one(b.standby, "SELECT string_agg(id || ' ' || coalesce(who::text, '-'), ', ') FROM calls"); got != "2 -" {
		t.Errorf("calls of the standby: %s", got)
	}
	if got := b.one(b.standby, "SELECT string_agg(id::text, ', ') FROM legs"); got != "2" {
		t.Errorf("what hangs on a deleted call stays: %s", got)
	}
	if len(r.Actions) != 2 || len(r.Sequences) != 1 {
		t.Errorf("actions: %+v, sequences %q", r.Actions, r.Sequences)
	}
	if r := b.run(j); !r.Unchanged {
		t.Errorf("nothing changed: %+v", r)
	}
	v, err := j.Verify(t.Context())
	if err != nil || !v.Equal() || v.Compared != 3 {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// equal compares tables by what each server says by itself.
func (b *box) equal(t *testing.T, tables ...string) {
	t.Helper()
	for _, name := range tables {
		query := "SELECT coalesce(string_agg(x::text, E'\\n' ORDER BY x::text COLLATE \"C\"), '') FROM " + name + " x"
		if master, standby := b.one(b.master, query), b.one(b.standby, query); master != standby {
			t.Errorf("%s: master\n%s\nstandby\n%s", name, master, standby)
		}
	}
}

func TestNothingChangedWritesNothing(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	j := b.job(smallClasses)
	b.run(j)
	b.do(b.standby, "CHECKPOINT")
	before := b.one(b.standby, "SELECT pg_current_wal_insert_lsn()::text")
	r := b.run(j)
	j.Full = true
	full := b.run(j)
	if after := b.one(b.standby, "SELECT pg_current_wal_insert_lsn()::text"); before != after || !r.Unchanged || full.Compared != 3 {
		t.Errorf("WAL from %s to %s, %+v", before, after, full)
	}
}

func TestRefusesDatabasesThatAreApart(t *testing.T) {
	for statement, want := range map[string]string{
		"ALTER TABLE users ADD extra text":                       "column users.extra is on the standby only",
		"ALTER TABLE users ALTER name TYPE text":                 "column users.name is character varying(64) on the master and text on the standby",
		"DROP TABLE keyless":                                     "table keyless is on the master only",
		"CREATE TABLE more (id int)":                             "table more is on the standby only",
		"UPDATE version SET num = 'abd'":                         "version says abc on the master and abd on the standby",
		"ALTER TYPE mood ADD VALUE 'glad'":                       "type mood has other labels",
		"CREATE SEQUENCE free":                                   "sequence free is on one node only",
		"ALTER TABLE users ALTER name SET NOT NULL":              "not null on the standby",
		"DROP TABLE version":                                     "table version is on one node only",
		"ALTER TABLE keyless RENAME b TO c":                      "column keyless.b is on the master only",
		"ALTER TABLE legs ADD extra text; DROP TABLE legs":       "",
		"ALTER TABLE calls DROP COLUMN who, ADD COLUMN more int": "",
	} {
		t.Run(statement, func(t *testing.T) {
			b := newBox(t, small)
			b.do(b.master, someRows)
			b.do(b.standby, statement)
			_, err := b.job(smallClasses).Run(t.Context())
			var apart *Apart
			switch {
			case want == "" && err == nil:
			case !errors.As(err, &apart) || !strings.Contains(err.Error(), strings.ReplaceAll(want, "public.", "")):
				t.Errorf("%v", err)
			case b.one(b.standby, "SELECT count(*)::text FROM tenant") != "0":
				t.Error("something was copied")
			}
		})
	}
}

func TestBrakes(t *testing.T) {
	for name, master := range map[string]string{
		"emptied":       "TRUNCATE tenant, users, keyless, calls, legs",
		"half":          "DELETE FROM users WHERE id > 150",
		"set back":      "SELECT setval('users_id_seq', 100); INSERT INTO keyless VALUES ('y', 1)",
		"another table": "DELETE FROM users; INSERT INTO users (tenant, name) SELECT NULL, 'new ' || n FROM generate_series(1, 300) n",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(t, small)
			b.do(b.master, someRows)
			j := b.job(smallClasses)
			b.run(j)
			b.do(b.master, master)
			before := b.one(b.standby, "SELECT md5(string_agg(u::text, '' ORDER BY id)) FROM users u")
			_, err := j.Run(t.Context())
			var brake *Brake
			if !errors.As(err, &brake) || b.one(b.standby, "SELECT md5(string_agg(u::text, '' ORDER BY id)) FROM users u") != before {
				t.Fatalf("not held: %v", err)
			}
			j.AcceptMaster = true
			b.run(j)
			b.equal(t, "users", "keyless")
		})
	}
}

func TestBrakeOnTheFirstRun(t *testing.T) {
	b := newBox(t, small)
	b.do(b.standby, someRows)
	var brake *Brake
	if _, err := b.job(smallClasses).Run(t.Context()); !errors.As(err, &brake) {
		t.Errorf("an empty master emptied the standby: %v", err)
	}
}

func TestRowsOfTheStandbysOwn(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	j := b.job(smallClasses)
	b.run(j)
	b.do(b.standby, "UPDATE users SET name = 'changed during the outage' WHERE id = 7; INSERT INTO users (name) VALUES ('made'); UPDATE keyless SET b = 3 WHERE a IS NULL")
	b.do(b.master, "UPDATE tenant SET name = 'renamed' WHERE name = 'one'")
	var kept []OwnRow
	j.Suspect, j.Keep = true, keeper(func(r OwnRow) { kept = append(kept, r) })
	_, err := j.Run(t.Context())
	var own *Own
	if !errors.As(err, &own) || own.Rows != 3 || !slices.Equal(own.Tables, []string{"keyless", "users"}) || len(kept) != 3 {
		t.Fatalf("%v, %+v", err, kept)
	}
	if *kept[2].Values["name"] != "changed during the outage" || kept[2].Fate != "overwritten" || b.one(b.standby, "SELECT name FROM tenant WHERE uuid::text LIKE '%1'") != "one" {
		t.Errorf("%+v", kept)
	}
	j.Overwrite = true
	b.run(j)
	b.equal(t, "tenant", "users", "keyless")
}

func TestWarnings(t *testing.T) {
	b := newBox(t, small)
	c := smallClasses
	c.Known, c.Named = []string{"tenant", "users"}, []string{"calls", "cals"}
	r := b.run(b.job(c))
	if len(r.Warnings) != 2 || !strings.Contains(r.Warnings[0], "keyless") || !strings.Contains(r.Warnings[1], "cals") || strings.Contains(r.Warnings[1], "calls") {
		t.Errorf("%q", r.Warnings)
	}
}

func TestNamesWhoLocks(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	j := b.job(smallClasses)
	b.run(j)
	idle := b.connect(b.standby)
	defer idle.Close(t.Context())
	if _, err := idle.Exec(t.Context(), "SET application_name = 'forgotten'; BEGIN; SELECT count(*) FROM users"); err != nil {
		t.Fatal(err)
	}
	b.do(b.master, "UPDATE users SET mood = 'sad' WHERE id = 9")
	b.run(j) // a reader hinders nobody
	if _, err := idle.Exec(t.Context(), "UPDATE users SET mood = NULL WHERE id = 10"); err != nil {
		t.Fatal(err)
	}
	b.do(b.master, "UPDATE users SET mood = 'happy' WHERE id = 9")
	_, err := j.once(t.Context(), writes)
	var locked *Locked
	if !errors.As(err, &locked) || locked.Table != "users" || !strings.Contains(err.Error(), "forgotten, idle in transaction") {
		t.Errorf("%v", err)
	}
}

// keeper hears of every row that is kept.
type keeper func(OwnRow)

func (k keeper) Keep(r OwnRow) error { k(r); return nil }
func (k keeper) Done() error         { return nil }

// Nothing is overwritten before it is kept.
func TestRowsThatCannotBeKeptStay(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	b.do(b.standby, "INSERT INTO keyless VALUES ('own', 7)")
	j := b.job(smallClasses)
	j.Suspect, j.Overwrite, j.Keep = true, true, fullDisk{}
	if _, err := j.Run(t.Context()); !errors.Is(err, errFull) || !strings.Contains(err.Error(), "keeping the standby's own rows") {
		t.Errorf("%v", err)
	}
	if got := b.one(b.standby, "SELECT string_agg(a, ' ') FROM keyless"); got != "own" {
		t.Errorf("keyless has %s", got)
	}
}

var errFull = errors.New("no room")

// fullDisk finds out when it is done.
type fullDisk struct{}

func (fullDisk) Keep(OwnRow) error { return nil }
func (fullDisk) Done() error       { return errFull }

// A run whose link was cut leaves a session behind that nobody ends.
func TestWhatACutRunLeftHindersNobody(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	j := b.job(smallClasses)
	b.run(j)
	left, other := b.connect(b.standby), b.connect(b.standby)
	defer left.Close(t.Context())
	defer other.Close(t.Context())
	if _, err := left.Exec(t.Context(), "SET application_name = '"+sessionName+"'; BEGIN; LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	b.do(b.master, "UPDATE users SET mood = 'sad' WHERE id = 9")
	if _, err := j.once(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
	b.equal(t, "users")
	if err := left.Ping(t.Context()); err == nil {
		t.Error("the session is still there")
	}
	if err := other.Ping(t.Context()); err != nil {
		t.Error("somebody else's session was ended:", err)
	}
}

func TestAnotherStandbysRowsAreItsOwn(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	j := b.job(smallClasses)
	b.run(j)
	b.do(b.standby, "UPDATE users SET name = 'of another standby' WHERE id = 7")
	j.Memory.Standby.System = "another"
	var own *Own
	if _, err := j.Run(t.Context()); !errors.As(err, &own) || own.Rows != 1 {
		t.Errorf("%v", err)
	}
}
