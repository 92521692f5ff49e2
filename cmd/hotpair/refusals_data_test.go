package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
)

// another puts another database in the place of the master's.
func (r *replicated) another(change string) (mend func()) {
	r.t.Helper()
	conn, err := r.databases[r.dir].Connect(r.t.Context(), "postgres")
	r.must(err)
	defer conn.Close(r.t.Context())
	for _, statement := range []string{"ALTER DATABASE asterisk RENAME TO saved", "CREATE DATABASE asterisk TEMPLATE saved"} {
		_, err := conn.Exec(r.t.Context(), statement)
		r.must(err)
	}
	r.sql(r.box, change)
	return func() {
		conn, err := r.databases[r.dir].Connect(r.t.Context(), "postgres")
		r.must(err)
		defer conn.Close(r.t.Context())
		for _, statement := range []string{"DROP DATABASE asterisk", "ALTER DATABASE saved RENAME TO asterisk"} {
			_, err := conn.Exec(r.t.Context(), statement)
			r.must(err)
		}
	}
}

// reinstall puts a new cluster in the place of the master's: the same tables with
// other rows in them.
func (r *replicated) reinstall() (mend func()) {
	r.t.Helper()
	const cluster = "var/lib/postgresql"
	old := r.databases[r.dir]
	r.must(old.Stop())
	back := r.moves(cluster)
	s, err := postgres.Start(r.t.Context(), postgres.Options{Dir: r.dir})
	r.must(err)
	r.databases[r.dir] = s
	conn, err := s.Connect(r.t.Context(), "postgres")
	r.must(err)
	_, err = conn.Exec(r.t.Context(), "CREATE DATABASE asterisk")
	r.must(err)
	r.must(conn.Close(r.t.Context()))
	r.with(r.box, func(conn *pgx.Conn) error {
		if err := wazodb.Create(r.t.Context(), conn); err != nil {
			return err
		}
		return wazodb.Fill(r.t.Context(), conn, wazodb.Filling{Users: 190, Seed: 9})
	})
	for _, table := range versionTables() {
		r.sql(r.box, fmt.Sprintf("UPDATE %s SET version_num = '%s'", table, r.ask(r.standby, "SELECT version_num FROM "+table)))
	}
	return func() {
		r.must(s.Stop())
		r.must(os.RemoveAll(filepath.Join(r.dir, cluster)))
		back()
		r.databases[r.dir] = old
		r.must(old.Restart(r.t.Context()))
	}
}

func versionTables() []string {
	return []string{"alembic_version", "alembic_version_auth", "alembic_version_dird", "alembic_version_webhookd", "call_logd_alembic_version", "chatd_alembic_version"}
}

func ofTheMaster() []refusal {
	const right = "The standby is untouched, and may hold the only good copy. See first what happened on the master; only if its state is right, run `hotpair replicate database --accept-master`"
	emptied := []string{"would delete", "looks emptied or reinstalled", right}
	return []refusal{
		{"empty master", func(r *replicated) func() {
			var all strings.Builder
			for _, name := range r.copied() {
				fmt.Fprintf(&all, "DELETE FROM %s; ", pgx.Identifier{name}.Sanitize())
			}
			return r.another("SET session_replication_role = replica; " + all.String() + "RESET session_replication_role")
		}, emptied, nil},
		{"half of a master", func(r *replicated) func() {
			return r.another("SET session_replication_role = replica; DELETE FROM dialaction; DELETE FROM endpoint_sip_section_option; DELETE FROM extensions; RESET session_replication_role")
		}, emptied, nil},
		{"reinstalled master", func(r *replicated) func() { return r.reinstall() }, []string{"is another one than at the last good run", right}, nil},
		{"reinstalled master that remembers nothing", func(r *replicated) func() {
			back, forget := r.reinstall(), r.moves(remembered)
			return func() {
				back()
				forget()
			}
		}, []string{"rows of the standby differ from the master's", "kept on this node in /var/lib/hotpair/kept/rows-", "hotpair replicate database --allow overwrite"}, nil},
		{"sequences went back", func(r *replicated) func() {
			at := r.ask(r.box, "SELECT last_value::text FROM userfeatures_id_seq")
			r.sql(r.box, "SELECT setval('userfeatures_id_seq', 3)")
			return func() { r.sql(r.box, "SELECT setval('userfeatures_id_seq', "+at+")") }
		}, []string{"sequence userfeatures_id_seq of the master went back, from", "an older state was restored", right}, nil},
		{"version apart", func(r *replicated) func() {
			at := r.ask(r.box, "SELECT version_num FROM alembic_version")
			r.sql(r.box, "UPDATE alembic_version SET version_num = 'later'")
			return func() { r.sql(r.box, "UPDATE alembic_version SET version_num = '"+at+"'") }
		}, []string{"alembic_version says later on the master and", "Upgrade both nodes"}, nil},
		{"column apart", func(r *replicated) func() {
			r.sql(r.box, "ALTER TABLE userfeatures ADD COLUMN later text")
			return func() { r.sql(r.box, "ALTER TABLE userfeatures DROP COLUMN later") }
		}, []string{"column userfeatures.later is on the master only", "Upgrade both nodes"}, nil},
		{"table apart", func(r *replicated) func() {
			r.sql(r.standby, "CREATE TABLE later (id int)")
			return func() { r.sql(r.standby, "DROP TABLE later") }
		}, []string{"table later is on the standby only", "Upgrade both nodes"}, nil},
	}
}

// starting has a server say that it is starting up, for as long as it runs.
func (r *replicated) starting(b box) (mend func()) {
	r.t.Helper()
	const data, conf = "var/lib/postgresql/15/main", "etc/postgresql/15/main"
	s := r.databases[b.dir]
	r.must(s.Stop())
	b.put(data+"/standby.signal", "")
	cmd := s.Program("postgres", "-D", filepath.Join(b.dir, data), "-c", "config_file="+filepath.Join(b.dir, conf, "postgresql.conf"),
		"-c", "hba_file="+filepath.Join(b.dir, conf, "pg_hba.conf"), "-c", "data_directory="+filepath.Join(b.dir, data),
		"-c", "unix_socket_directories="+s.SocketDir(), "-c", "listen_addresses=", "-c", "hot_standby=off")
	r.must(cmd.Start())
	for err := error(nil); !refusesFor(err, "57P03"); time.Sleep(time.Millisecond) {
		_, err = s.Connect(r.t.Context(), "postgres")
	}
	return func() {
		r.must(cmd.Process.Signal(os.Interrupt))
		r.must(cmd.Wait())
		r.must(os.Remove(filepath.Join(b.dir, data, "standby.signal")))
		r.must(s.Restart(r.t.Context()))
	}
}

func refusesFor(err error, code string) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && said.Code == code
}

func ofTheServers() []refusal {
	killed := func(r *replicated, b box) func() {
		r.must(r.databases[b.dir].Kill())
		return func() { r.must(r.databases[b.dir].Restart(r.t.Context())) }
	}
	return []refusal{
		{"standby's PostgreSQL dead", func(r *replicated) func() { return killed(r, r.standby) }, []string{"the peer refuses", "its PostgreSQL does not answer", "see that it runs there"}, nil},
		{"master's PostgreSQL dead", func(r *replicated) func() { return killed(r, r.box) }, []string{"master's database", "see that it runs"}, nil},
		{"standby's PostgreSQL starting up", func(r *replicated) func() { return r.starting(r.standby) }, []string{"standby's database", "57P03", "the next run does the work"}, nil},
		{"master's PostgreSQL starting up", func(r *replicated) func() { return r.starting(r.box) }, []string{"master's database", "57P03", "the next run does the work"}, nil},
	}
}
