// Package stock replicates a database in the way of the stock tools, to be
// measured against: every hour all of it, changed or not. They dump it to a
// file, truncate the tables on the standby, and load the file with psql, over
// TCP as postgres.
//
// Their list of tables that stay behind is old, and so is ours: it names
// call_log and call_log_participant, which do not exist any more, so that the
// standby's call records go with every run.
package stock

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/postgres"
)

const database = "asterisk"

// Excluded are the tables that stay as they are on the standby.
func Excluded() []string {
	return []string{
		"call_log", "call_log_participant", "cel", "dhcp", "mail", "monitoring", "netiface", "queue_log", "resolvconf", "session",
		"stat_agent", "stat_agent_periodic", "stat_call_on_queue", "stat_queue", "stat_queue_periodic",
	}
}

// Replicate makes the standby's database a copy of the master's. The dump is
// left in the directory. The standby's readers wait for all of the load.
func Replicate(ctx context.Context, master, standby *postgres.Server, dir string) error {
	if master.Address() == "" || standby.Address() == "" {
		return errors.New("replicating: a server does not listen for TCP")
	}
	dump := filepath.Join(dir, "replication.dump")
	if err := save(ctx, master, dump); err != nil {
		return fmt.Errorf("dumping the master: %w", err)
	}
	truncate, err := truncation(ctx, standby)
	if err == nil {
		err = load(ctx, standby, truncate, dump)
	}
	if err != nil {
		return fmt.Errorf("loading the standby: %w", err)
	}
	return nil
}

// tcp are the arguments with which a program connects like the stock tools.
func tcp(s *postgres.Server) []string {
	return []string{"--host=" + s.Address(), "--port=" + strconv.Itoa(s.Port()), "--username=postgres", "--dbname=" + database}
}

func save(ctx context.Context, master *postgres.Server, dump string) error {
	out, err := os.Create(dump)
	if err != nil {
		return err
	}
	args := append(tcp(master), "--data-only")
	for _, table := range Excluded() {
		args = append(args, "--exclude-table="+table, "--exclude-table="+table+"_id_seq")
	}
	cmd := master.Program("pg_dump", args...)
	cmd.Stdout = out
	return errors.Join(run(ctx, cmd), out.Close())
}

// truncation empties what the dump brings.
func truncation(ctx context.Context, standby *postgres.Server) (string, error) {
	conn, err := standby.Connect(ctx, database)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY tablename", Excluded())
	if err != nil {
		return "", err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for i, name := range tables {
		tables[i] = pgx.Identifier{"public", name}.Sanitize()
	}
	return "TRUNCATE " + strings.Join(tables, ", "), err
}

func load(ctx context.Context, standby *postgres.Server, truncate, dump string) error {
	in, err := os.Open(dump)
	if err != nil {
		return err
	}
	defer in.Close()
	cmd := standby.Program("psql", append(tcp(standby), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--command="+truncate, "--file=-")...)
	cmd.Env = append(cmd.Env, "PGOPTIONS=-c session_replication_role=replica")
	cmd.Stdin = in
	return run(ctx, cmd)
}

// run runs a command, which ends with the context.
func run(ctx context.Context, cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, said.Bytes())
	}
	return nil
}
