package rows

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// servers are a master and a standby for all tests of the package.
type servers struct{ master, standby *postgres.Server }

var started = sync.OnceValues(func() (servers, error) {
	var s servers
	var err, other error
	var both sync.WaitGroup
	both.Go(func() { s.master, err = postgres.Start(context.Background(), postgres.Options{}) })
	both.Go(func() { s.standby, other = postgres.Start(context.Background(), postgres.Options{}) })
	both.Wait()
	return s, errors.Join(err, other)
})

// used tells whether a test needed the servers.
var used atomic.Bool

func TestMain(m *testing.M) {
	code := m.Run()
	if used.Load() {
		s, _ := started()
		for _, server := range []*postgres.Server{s.master, s.standby} {
			if server != nil {
				_ = server.Close()
			}
		}
	}
	os.Exit(code)
}

// pairOfServers gives the servers, or skips the test where there is no
// PostgreSQL.
func pairOfServers(t testing.TB) servers {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if (err != nil || len(found) == 0) && os.Getenv("CI") == "" {
		t.Skip("PostgreSQL is needed: apt-get install postgresql")
	}
	used.Store(true)
	s, err := started()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// box is a pair of databases for one test.
type box struct {
	t               testing.TB
	master, standby *postgres.Server
	database        string
}

// databases counts the databases that were made.
var databases atomic.Int64

// newBox makes two databases with the same statements in them.
func newBox(t testing.TB, statements string) *box {
	t.Helper()
	s := pairOfServers(t)
	b := &box{t: t, master: s.master, standby: s.standby, database: fmt.Sprintf("d%d", databases.Add(1))}
	for _, s := range []*postgres.Server{b.master, b.standby} {
		b.create(s)
		b.do(s, statements)
	}
	return b
}

func (b *box) create(s *postgres.Server) {
	b.t.Helper()
	conn, err := s.Connect(b.t.Context(), "postgres")
	if err != nil {
		b.t.Fatal(err)
	}
	defer conn.Close(b.t.Context())
	if _, err := conn.Exec(b.t.Context(), "CREATE DATABASE "+b.database); err != nil {
		b.t.Fatal(err)
	}
}

// do executes statements on a server, whose counters show it at once.
func (b *box) do(s *postgres.Server, statements string) {
	b.t.Helper()
	b.with(s, func(conn *pgx.Conn) error {
		_, err := conn.PgConn().Exec(b.t.Context(), statements).ReadAll()
		return err
	})
}

// with does something in a session whose counters show it at once.
func (b *box) with(s *postgres.Server, do func(*pgx.Conn) error) {
	b.t.Helper()
	conn := b.connect(s)
	defer conn.Close(b.t.Context())
	if err := do(conn); err != nil {
		b.t.Fatal(err)
	}
	if _, err := conn.Exec(b.t.Context(), "SELECT pg_stat_force_next_flush()"); err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) connect(s *postgres.Server) *pgx.Conn {
	b.t.Helper()
	conn, err := s.Connect(b.t.Context(), b.database)
	if err != nil {
		b.t.Fatal(err)
	}
	return conn
}

// one is the only value that a query gives.
func (b *box) one(s *postgres.Server, query string) (value string) {
	b.t.Helper()
	conn := b.connect(s)
	defer conn.Close(b.t.Context())
	if err := conn.QueryRow(b.t.Context(), query).Scan(&value); err != nil {
		b.t.Fatal(err)
	}
	return value
}

// job copies from the master to the standby.
func (b *box) job(c Classes) *Job {
	to := func(s *postgres.Server) Connect {
		return func(ctx context.Context) (*pgx.Conn, error) { return s.Connect(ctx, b.database) }
	}
	return &Job{Master: to(b.master), Standby: to(b.standby), Classes: c, MaxDelete: 25}
}

// run runs a job and has it remember.
func (b *box) run(j *Job) Result {
	b.t.Helper()
	r, err := j.Run(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	j.Memory = r.Memory
	return r
}
