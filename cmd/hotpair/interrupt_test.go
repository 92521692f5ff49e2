package main

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/reconcile/laws"
)

// A run that waits for a lock is one that can be looked at.
func TestARunThatWaits(t *testing.T) {
	t.Parallel()
	r := newPlatform(t, "")
	idle := r.idle("SELECT count(*) FROM userfeatures")
	r.sql(r.box, "UPDATE userfeatures SET description = 'one'")
	r.contains(r.expect(exitOK, "replicate", "database").out, "database: copied") // a reader hinders nobody
	idle()

	idle = r.idle("UPDATE userfeatures SET description = 'theirs' WHERE id = (SELECT min(id) FROM userfeatures)")
	r.sql(r.box, "UPDATE userfeatures SET description = 'two'")
	rows := r.digest(r.standby, edited())
	cmd, said := r.process("replicate", "database")
	r.must(cmd.Start())
	r.untilWaiting()
	r.contains(r.expect(exitLocked, "replicate", "database", "--lock-timeout", "100ms").err, "hotpair replicate database (pid", "has been running since")
	if code := exitOf(cmd); code != exitError {
		t.Errorf("exit %d", code)
	}
	r.contains(said.String(), "table userfeatures of the standby is locked by process ", "user postgres, forgotten, idle in transaction", "pg_terminate_backend(", nothingSent)

	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		r.untilGone()
		cmd, said := r.process("replicate")
		r.must(cmd.Start())
		r.untilWaiting()
		r.must(cmd.Process.Signal(signal))
		if code := exitOf(cmd); code != exitInterrupted {
			t.Errorf("%s: exit %d: %s", signal, code, said)
		}
		r.contains(said.String(), "interrupted", nothingSent)
	}
	r.untilGone()
	cmd, _ = r.process("replicate", "database")
	r.must(cmd.Start())
	r.untilWaiting()
	r.must(cmd.Process.Signal(os.Interrupt))
	time.Sleep(time.Millisecond)
	_ = cmd.Process.Signal(os.Interrupt) // it may have ended
	if code := exitOf(cmd); code != exitInterrupted && code != -1 {
		t.Errorf("two signals: exit %d", code)
	}
	idle()
	if !maps.Equal(r.digest(r.standby, edited()), rows) {
		t.Error("something was written")
	}
	r.expect(exitOK, "replicate", "database")
	if !maps.Equal(r.digest(r.standby, edited()), r.digest(r.box, edited())) {
		t.Error("the next run does not complete")
	}
}

// idle leaves a statement's transaction open on the standby, until end.
func (r *replicated) idle(statement string) (end func()) {
	r.t.Helper()
	conn, err := r.databases[r.standby.dir].Connect(r.t.Context(), "asterisk")
	r.must(err)
	_, err = conn.Exec(r.t.Context(), "SET application_name = 'forgotten'; BEGIN; "+statement, pgx.QueryExecModeSimpleProtocol)
	r.must(err)
	return func() { r.must(conn.Close(r.t.Context())) }
}

// untilWaiting waits until hotpair waits for a lock of the standby.
func (r *replicated) untilWaiting() {
	r.untilSessions("hotpair does not wait", "wait_event_type = 'Lock'", true)
}

// untilGone waits until the standby's server has ended what an ended run left.
func (r *replicated) untilGone() { r.untilSessions("a session stays", "true", false) }

func (r *replicated) untilSessions(what, condition string, there bool) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if (r.ask(r.standby, "SELECT count(*)::text FROM pg_stat_activity WHERE application_name LIKE 'hotpair%' AND "+condition) != "0") == there {
			return
		}
	}
	r.t.Fatal(what)
}

func exitOf(cmd *exec.Cmd) int {
	var ended *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &ended) {
		return ended.ExitCode()
	}
	return exitOK
}

// Nothing changed: no WAL on the standby, and no file but hotpair's own records.
func TestNothingChangedTouchesNothing(t *testing.T) {
	t.Parallel()
	r := newPlatform(t, "")
	r.put(moh+"/hold.wav", "tune")
	r.expect(exitOK, "replicate")
	r.expect(exitOK, "replicate")
	standby, master := r.standby.untouched(), r.itself()
	written := "never looked"
	for range 3 { // the server itself writes now and then
		before := r.ask(r.standby, "SELECT pg_current_wal_insert_lsn()::text")
		out := r.expect(exitOK, "replicate").out
		r.contains(out, "database: nothing to copy (0 tables", "files: nothing to copy")
		if written = r.ask(r.standby, "SELECT (pg_current_wal_insert_lsn() - '"+before+"')::text"); written == "0" {
			break
		}
	}
	if written != "0" {
		t.Errorf("%s bytes of WAL", written)
	}
	if now := r.standby.untouched(); now != standby {
		t.Errorf("the standby's files changed:\n%s\nto\n%s", standby, now)
	}
	if now := r.itself(); now != master {
		t.Errorf("the master's files changed:\n%s\nto\n%s", master, now)
	}
}

// itself shows a node without its servers and hotpair's own records.
func (b box) itself() string {
	var all strings.Builder
	for _, dir := range []string{"etc", "root", "srv", "usr", "var/lib/asterisk", "var/lib/wazo"} {
		all.WriteString(laws.Tree(filepath.Join(b.dir, dir), true))
	}
	return all.String()
}
