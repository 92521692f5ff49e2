package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate"
)

// benchPair is a pair with the tables of a platform, and a standby of the stock
// pipeline's that was the same when it was made.
type benchPair struct {
	*replicated
	users           int
	host            *host.Host // the master
	master, standby *observed
	rival           *postgres.Server
	kept            *replicate.Replicator
	dump            string // where the stock pipeline leaves its file
	edits           uint64
	edited          []int64 // what each edit had the master log, in bytes
}

// observed is a server with a connection of the benchmark's own.
type observed struct {
	*postgres.Server
	conn *pgx.Conn
}

func newBenchPair(b *testing.B, users int) *benchPair {
	b.Helper()
	r := &replicated{joined: newJoined(b), databases: map[string]*postgres.Server{}}
	p := &benchPair{replicated: r, users: users, dump: b.TempDir()}
	p.must(os.Chmod(filepath.Dir(p.dir), 0o755)) // the servers' user enters it
	p.pairBlocks("")
	p.box.put(hbaPath, "local all all trust\nhost all all 127.0.0.0/8 trust\n")
	master := boxtest.Postgres(b, p.options(p.dir, 1))
	boxtest.Platform(b, master, "asterisk", wazodb.Filling{Users: users, Seed: 1}).Close(b.Context())
	standby := boxtest.Clone(b, master, p.options(p.replicated.standby.dir, 2))
	p.rival = boxtest.Clone(b, master, p.options("", 3))
	p.master = &observed{master, boxtest.Connect(b, master, "asterisk")}
	p.standby = &observed{standby, boxtest.Connect(b, standby, "asterisk")}
	p.channel()
	var err error
	p.host, err = host.Open(p.dir)
	p.must(err)
	b.Cleanup(func() { p.kept.Close(); p.host.Close() })
	p.keep(b)
	return p
}

// options are the same for all servers, whose addresses are this process's own.
// Nothing happens in the background that would be counted as a run's.
func (p *benchPair) options(dir string, number int) postgres.Options {
	return postgres.Options{Dir: dir, Address: fmt.Sprintf("127.77.%d.%d", os.Getpid()%256, number), Settings: map[string]string{
		"shared_buffers": "256MB", "max_wal_size": "8GB", "checkpoint_timeout": "1h", "autovacuum": "off",
	}}
}

// change edits rows of the master, which logs that as the standby logs a run: from
// a fresh checkpoint on, its pages packed.
func (p *benchPair) change(rows int) {
	p.t.Helper()
	p.edits++
	ctx, conn := p.t.Context(), p.master.conn
	_, err := conn.PgConn().Exec(ctx, "SET wal_compression = lz4; CHECKPOINT").ReadAll()
	p.must(err)
	before, err := position(ctx, conn)
	p.must(err)
	p.must(wazodb.Change(ctx, conn, wazodb.Changing{Rows: rows, Seed: p.edits}))
	after, err := position(ctx, conn)
	p.must(err)
	p.edited = append(p.edited, after-before)
	_, err = conn.Exec(ctx, "SELECT pg_stat_force_next_flush()")
	p.must(err)
}

// empty makes both standbys what a new installation is, and hotpair forget.
func (p *benchPair) empty() {
	p.t.Helper()
	tables, err := wazodb.Tables()
	p.must(err)
	var list []string
	for _, name := range tables {
		if !strings.Contains(name, "alembic_version") {
			list = append(list, pgx.Identifier{name}.Sanitize())
		}
	}
	for _, s := range []*postgres.Server{p.standby.Server, p.rival} {
		p.in(s, func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.PgConn().Exec(ctx, "TRUNCATE "+strings.Join(list, ", ")+"; SELECT pg_stat_force_next_flush()").ReadAll()
			return err
		})
	}
	if err := os.Remove(p.dir + "/var/lib/hotpair/replication.json"); !errors.Is(err, fs.ErrNotExist) {
		p.must(err)
	}
}

func (p *benchPair) in(s *postgres.Server, do func(context.Context, *pgx.Conn) error) {
	p.t.Helper()
	conn, err := s.Connect(p.t.Context(), "asterisk")
	p.must(err)
	defer conn.Close(p.t.Context())
	p.must(do(p.t.Context(), conn))
}

// measure runs something that writes a standby, from a fresh checkpoint on: each
// page that it touches is logged as a whole, once.
func (p *benchPair) measure(standby *postgres.Server, run func() error) figures {
	p.t.Helper()
	p.in(standby, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "CHECKPOINT")
		return err
	})
	return p.observe(standby, run)
}

// observe runs something that writes a standby while somebody reads there.
func (p *benchPair) observe(standby *postgres.Server, run func() error) (f figures) {
	p.t.Helper()
	p.in(standby, func(ctx context.Context, conn *pgx.Conn) error {
		before, err := position(ctx, conn)
		if err != nil {
			return err
		}
		stop := p.reader(ctx, standby)
		began := time.Now()
		ran := run()
		f.took = time.Since(began)
		f.stall = stop()
		after, err := position(ctx, conn)
		f.wal = after - before
		if err == nil {
			f.pages, err = wholePages(ctx, standby, before, after)
		}
		return errors.Join(ran, err)
	})
	return f
}

// wholePages is how many bytes of a part of a server's log are images of pages.
func wholePages(ctx context.Context, s *postgres.Server, from, to int64) (n int64, err error) {
	conn, err := s.Connect(ctx, "postgres") // where nothing is compared
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	var written int64 // what is not cannot be looked at
	if err := conn.QueryRow(ctx, "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint").Scan(&written); err != nil || from >= min(to, written) {
		return 0, err
	}
	if _, err := conn.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS pg_walinspect"); err != nil {
		return 0, err
	}
	err = conn.QueryRow(ctx, "SELECT coalesce(sum(fpi_size), 0)::bigint FROM pg_get_wal_stats('0/0'::pg_lsn + $1::numeric, '0/0'::pg_lsn + $2::numeric, false)", from, min(to, written)).Scan(&n)
	return n, err
}

// position is where a server's log of writes ends, in bytes.
func position(ctx context.Context, conn *pgx.Conn) (at int64, err error) {
	err = conn.QueryRow(ctx, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").Scan(&at)
	return at, err
}

// reader looks up a row of a large table again and again, until it is stopped,
// and gives how long that took at worst.
func (p *benchPair) reader(ctx context.Context, s *postgres.Server) (stop func() time.Duration) {
	p.t.Helper()
	conn, err := s.Connect(ctx, "asterisk")
	p.must(err)
	end, worst := make(chan struct{}), make(chan time.Duration)
	go func() {
		var longest time.Duration
		for {
			began := time.Now()
			if _, err := conn.Exec(ctx, "SELECT value FROM endpoint_sip_section_option WHERE uuid = '00000000-0000-0000-0000-000000000000'"); err != nil {
				p.t.Error(err)
			}
			longest = max(longest, time.Since(began))
			select {
			case <-end:
				worst <- longest
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	return func() time.Duration {
		close(end)
		longest := <-worst
		p.must(conn.Close(ctx))
		return longest
	}
}
