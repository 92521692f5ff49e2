package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/cmd/pairbox/wazodb"
	"github.com/hotpair/hotpair/schema"
)

// newPlatform is a pair whose databases are like a platform's of 200 users and
// equal, as far as they are copied.
func newPlatform(t *testing.T, blocks string) *replicated {
	t.Helper()
	r := newReplicated(t, blocks)
	for i, b := range []box{r.box, r.standby} {
		r.with(b, func(conn *pgx.Conn) error {
			if _, err := conn.Exec(t.Context(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
				return err
			}
			if err := wazodb.Create(t.Context(), conn); err != nil {
				return err
			}
			if err := wazodb.Fill(t.Context(), conn, wazodb.Filling{Users: 200, Seed: 1}); err != nil {
				return err
			}
			if i == 0 {
				return wazodb.Change(t.Context(), conn, wazodb.Changing{Rows: 50, Seed: 1})
			}
			return nil
		})
	}
	r.expect(exitOK, "replicate", "database", "--allow", "overwrite")
	return r
}

// copied are the tables that follow the master, as ha.hcl says.
func (r *replicated) copied() []string {
	r.t.Helper()
	sources, diags := schema.Read([]string{r.dir + "/etc/hotpair/ha.hcl"})
	cfg, more := schema.Load(sources, schema.Options{})
	if diags.HasErrors() || more.HasErrors() {
		r.t.Fatal(diags, more)
	}
	all, err := wazodb.Tables()
	r.must(err)
	return slices.DeleteFunc(all, func(name string) bool {
		c := cfg.Replication
		return slices.Contains(slices.Concat(c.VersionTables, c.NodeLocalTables, c.ExcludeTables), name)
	})
}

// digest is the content of a node's tables, by a hash of the box's own.
func (r *replicated) digest(b box, tables []string) (content map[string]string) {
	r.t.Helper()
	r.with(b, func(conn *pgx.Conn) (err error) {
		content, err = wazodb.Digest(r.t.Context(), conn, tables)
		return err
	})
	return content
}

// change edits rows of the ten largest tables of the master.
func (r *replicated) change(rows, seed int) {
	r.t.Helper()
	r.with(r.box, func(conn *pgx.Conn) error {
		err := wazodb.Change(r.t.Context(), conn, wazodb.Changing{Rows: rows, Seed: uint64(seed)})
		if err == nil {
			_, err = conn.Exec(r.t.Context(), "SELECT pg_stat_force_next_flush()")
		}
		return err
	})
}

// process is a hotpair of its own on the master.
func (r *replicated) process(args ...string) (*exec.Cmd, *strings.Builder) {
	r.t.Helper()
	var said strings.Builder
	cmd := exec.CommandContext(r.t.Context(), binary(r.t), append([]string{"--root", r.dir}, args...)...)
	cmd.Stdout, cmd.Stderr = &said, &said
	return cmd, &said
}
