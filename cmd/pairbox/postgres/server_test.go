package postgres_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// say runs statements and answers the single text of the last one's only row.
func say(t *testing.T, s *postgres.Server, statement string) string {
	t.Helper()
	rows, err := boxtest.Connect(t, s, "postgres").Query(t.Context(), statement, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(texts, " ")
}

func TestServerRestartsAfterStopAndKill(t *testing.T) {
	s := boxtest.Postgres(t, postgres.Options{Settings: map[string]string{"max_connections": "17"}})
	if got := say(t, s, "SELECT concat_ws(' ', current_setting('max_connections'), current_setting('fsync'), current_setting('server_encoding'), current_user)"); got != "17 off UTF8 postgres" {
		t.Error(got)
	}
	say(t, s, "CREATE TABLE kept AS SELECT 1 AS n")
	pid := s.PID()
	if err := s.Stop(); err != nil || s.PID() != 0 || syscall.Kill(pid, 0) == nil {
		t.Fatal("it still runs", err)
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := boxtest.Connect(t, s, "postgres")
	if _, err := conn.Exec(t.Context(), "INSERT INTO kept VALUES (2)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("a connection outlived the server")
	}
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := say(t, s, "SELECT count(*)::text FROM kept"); got != "2" {
		t.Errorf("%s rows outlived the kill", got)
	}
}

func TestServerListensWhereItIsTold(t *testing.T) {
	s := boxtest.Postgres(t, postgres.Options{Address: "127.0.0.2", Port: boxtest.FreePort(t, "127.0.0.2")})
	out, err := s.Program("psql", "--no-psqlrc", "--host="+s.Address(), "--tuples-only", "--no-align", "--command=SELECT inet_server_addr()", "postgres").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "127.0.0.2" {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := s.Program("pg_dump", "postgres").CombinedOutput(); err != nil || !strings.Contains(string(out), "PostgreSQL database dump complete") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestCloneHasTheSameRowsAndALifeOfItsOwn(t *testing.T) {
	first := boxtest.Postgres(t, postgres.Options{})
	say(t, first, "CREATE TABLE kept AS SELECT 'a' AS n")
	second := boxtest.Clone(t, first, postgres.Options{})
	say(t, second, "UPDATE kept SET n = 'b'")
	if a, b := say(t, first, "SELECT n FROM kept"), say(t, second, "SELECT n FROM kept"); a != "a" || b != "b" {
		t.Error(a, b)
	}
}

func TestDirectoryIsKeptOnlyIfItIsTheCallers(t *testing.T) {
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	own, temporary := boxtest.Postgres(t, postgres.Options{Dir: dir}), boxtest.Postgres(t, postgres.Options{})
	gone := filepath.Dir(filepath.Dir(filepath.Dir(temporary.SocketDir())))
	if err := own.Close(); err != nil {
		t.Fatal(err)
	}
	if err := temporary.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "var/lib/postgresql/15/main/PG_VERSION")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(gone); err == nil {
		t.Error(gone, "is still there")
	}
}

// The server must not outlive the program that started it, even if that is
// killed.
func TestServerEndsWithTheProgram(t *testing.T) {
	if os.Getenv("PAIRBOX_CHILD") != "" {
		s := boxtest.Postgres(t, postgres.Options{Dir: os.Getenv("PAIRBOX_CHILD")})
		if err := os.WriteFile(filepath.Join(os.Getenv("PAIRBOX_CHILD"), "up"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		t.Log(s.PID())
	}
	boxtest.Postgres(t, postgres.Options{}) // or skip
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^TestServerEndsWithTheProgram$")
	child.Env = append(os.Environ(), "PAIRBOX_CHILD="+dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, "the server is up", func() bool { _, err := os.Stat(filepath.Join(dir, "up")); return err == nil })
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	lock := filepath.Join(dir, "var/lib/postgresql/15/main/postmaster.pid")
	await(t, "the server is gone", func() bool { _, err := os.Stat(lock); return os.IsNotExist(err) })
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatal("waiting until ", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
