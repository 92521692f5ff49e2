package rows

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

// box is a pair of servers for all tests of the package, and a pair of
// databases on them for one.
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
	b := &box{t: t, database: fmt.Sprintf("d%d_%d", os.Getpid(), databases.Add(1))}
	b.master, b.standby = boxtest.Postgres(t, postgres.Options{}), boxtest.Postgres(t, postgres.Options{})
	for _, s := range []*postgres.Server{b.master, b.standby} {
		conn, err := s.Connect(t.Context(), "postgres")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+b.database); err != nil {
			t.Fatal(err)
		}
		conn.Close(t.Context())
		b.do(s, statements)
	}
	return b
}

// do executes statements on a server, whose counters show it at once.
func (b *box) do(s *postgres.Server, statements string) {
	b.t.Helper()
	conn := b.connect(s)
	defer conn.Close(b.t.Context())
	if _, err := conn.PgConn().Exec(b.t.Context(), statements+"; SELECT pg_stat_force_next_flush()").ReadAll(); err != nil {
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
