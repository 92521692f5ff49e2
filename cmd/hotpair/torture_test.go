package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hotpair/hotpair/reconcile/laws"
)

// passage is an apply that is cut or fed with errors at every step.
type passage struct {
	name          string
	before, after box // the node as it is, and as an apply in peace leaves it
}

// passages prepares a slave that is made, one that is switched off, and one
// that becomes master.
func passages(t *testing.T) []passage {
	var list []passage
	for _, roles := range [][2]string{{"", "slave"}, {"slave", "disabled"}, {"slave", "master"}} {
		before := newBox(t, "wazo")
		if roles[0] != "" {
			before.declare(roles[0], "10.0.0.9")
			before.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
		}
		before.declare(roles[1], "10.0.0.8")
		before.put("etc/hotpair/ha.d/10-peer.hcl", "peer {\n  address = \"10.0.0.9\"\n}\n")
		before.must(os.RemoveAll(filepath.Join(before.dir, "var/log/commands.log")))
		after := before.copy(t)
		after.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
		list = append(list, passage{name: roles[0] + " to " + roles[1], before: before, after: after})
	}
	return list
}

func (b box) copy(t *testing.T) box {
	t.Helper()
	c := box{t: t, dir: t.TempDir()}
	c.must(os.CopyFS(c.dir, os.DirFS(b.dir)))
	return c
}

// traced are the system calls by which a file is read, replaced and locked.
var traced = []string{"openat", "newfstatat", "fstat", "read", "write", "pwrite64", "fsync", "fchmod", "fchown", "ftruncate", "renameat", "renameat2", "unlinkat", "mkdirat", "getdents64", "fcntl", "close"}

// strace runs an apply of which the nth call of a kind is tampered with. Only
// calls that touch the node's files count.
func (b box) strace(t *testing.T, call, tamper string, nth int) (result, bool) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "strace")
	args := []string{"-f", "-qq", "-o", log, "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:%s:when=%d", call, tamper, nth)}
	for _, path := range b.touched() {
		args = append(args, "-P", path)
	}
	args = append(args, binary(t), "--root", b.dir, "apply", "--auto-approve", "--allow", "restart")
	cmd := exec.Command("strace", args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	code := cmd.ProcessState.ExitCode()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		code = -1
	}
	trace, err := os.ReadFile(log)
	b.must(err)
	hit := strings.Contains(string(trace), "(INJECTED)") || strings.Contains(string(trace), "killed by SIGKILL")
	return result{code, out.String(), errs.String()}, hit
}

// touched lists the node's directories and the files that an apply writes.
func (b box) touched() []string {
	var paths []string
	for _, dir := range []string{"", "etc", "etc/hotpair", "etc/hotpair/ha.d", "etc/xivo", "etc/cron.d", "etc/postgresql", "etc/postgresql/15", "etc/postgresql/15/main", "var", "var/lib", "var/lib/wazo", "var/lib/hotpair", "run", "run/hotpair"} {
		paths = append(paths, filepath.Join(b.dir, dir))
	}
	for _, file := range []string{"etc/hotpair/ha.hcl", "etc/hotpair/ha.d/10-peer.hcl", "etc/xivo/ha.conf", "etc/cron.d/xivo-ha-master", "etc/cron.d/xivo-ha-slave", "etc/postgresql/15/main/pg_hba.conf", "etc/postgresql/15/main/postgresql.conf", "var/lib/wazo/is-primary", "var/lib/wazo/is-secondary", "var/lib/hotpair/ledger.json"} {
		dir, base := filepath.Split(filepath.Join(b.dir, file))
		paths = append(paths, dir+base, dir+"."+base+".hotpair-tmp")
	}
	return paths
}

// onlyOldOrNew insists that every file is as before or as after, and that
// ha.conf does not run ahead of the rest.
func (tr passage) onlyOldOrNew(b box) {
	b.t.Helper()
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(b.dir, path)
		if err != nil || relErr != nil || d.IsDir() || own(rel) {
			return err
		}
		if got := b.get(rel); got != tr.before.get(rel) && got != tr.after.get(rel) {
			b.t.Errorf("%s is neither old nor new: %q", rel, got)
		}
		return nil
	})
	b.must(err)
	after := tr.after.get("etc/xivo/ha.conf")
	if b.get("etc/xivo/ha.conf") != after || after == tr.before.get("etc/xivo/ha.conf") || strings.Contains(after, "disabled") {
		return
	}
	for _, achieved := range []string{"var/lib/wazo/is-primary", "var/lib/wazo/is-secondary", "etc/cron.d/xivo-ha-master", "etc/cron.d/xivo-ha-slave", "etc/postgresql/15/main/pg_hba.conf", "etc/postgresql/15/main/postgresql.conf"} {
		b.is(achieved, tr.after.get(achieved))
	}
}

// own tells what is hotpair's own or a stub's: checked by the next run.
func own(rel string) bool {
	return strings.HasPrefix(rel, "run/") || strings.HasPrefix(rel, "var/lib/hotpair/") || rel == "var/log/commands.log" || strings.HasSuffix(rel, ".hotpair-tmp")
}

// converges insists that the next run finishes everything and clears up.
func (tr passage) converges(b box) {
	b.t.Helper()
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	commands := b.get("var/log/commands.log")
	if !strings.Contains(commands, "systemctl restart postgresql.service") {
		b.t.Errorf("the restart was lost: %s", commands)
	}
	b.put("var/log/commands.log", tr.after.get("var/log/commands.log"))
	if got, want := laws.Tree(b.dir, false), laws.Tree(tr.after.dir, false); got != want {
		b.t.Errorf("converged to\n%s\nnot\n%s", got, want)
	}
	for _, dir := range []string{"var/lib/hotpair", "run/hotpair"} {
		left, err := filepath.Glob(filepath.Join(b.dir, dir, ".*"))
		b.must(err)
		if len(left) > 0 {
			b.t.Errorf("left behind: %v", left)
		}
	}
	b.expect(exitOK, "plan", "--detailed-exitcode")
}

// depth is how often each call is tampered with: a sample, or all of it.
func depth() (most, step int) {
	if os.Getenv("HOTPAIR_TORTURE") != "" {
		return 1000, 1
	}
	return 60, 3
}

func TestKilledAnywhereTheNextRunConverges(t *testing.T) {
	t.Parallel()
	needs(t, "strace")
	most, step := depth()
	kills := 0
	for _, tr := range passages(t) {
		for _, call := range traced {
			for nth := 1; nth <= most; nth += step {
				b := tr.before.copy(t)
				_, hit := b.strace(t, call, "signal=SIGKILL", nth)
				if !hit {
					break
				}
				kills++
				tr.onlyOldOrNew(b)
				tr.converges(b)
				b.must(os.RemoveAll(b.dir))
				if t.Failed() {
					t.Fatalf("%s, killed at %s number %d", tr.name, call, nth)
				}
			}
		}
	}
	t.Logf("%d kills", kills)
	if kills < 100 {
		t.Errorf("only %d kills", kills)
	}
}

func TestErrorsAtAnyFileOperationLeaveOldOrNew(t *testing.T) {
	t.Parallel()
	needs(t, "strace")
	most, step := depth()
	causes := [][2]string{{"EIO", "input/output error"}, {"ENOSPC", "no space left on device"}, {"EROFS", "read-only file system"}}
	errs := 0
	for _, tr := range passages(t) {
		for _, call := range slices.DeleteFunc(slices.Clone(traced), func(call string) bool { return call == "fcntl" }) {
			for i, c := range causes {
				name, cause := c[0], c[1]
				for nth := 1 + i*step; nth <= most; nth += step * len(causes) {
					b := tr.before.copy(t)
					r, hit := b.strace(t, call, "error="+name, nth)
					if !hit {
						break
					}
					errs++
					tr.onlyOldOrNew(b)
					tr.explained(b, r, cause)
					if r.code == exitOK && slices.Contains([]string{"fsync", "renameat", "unlinkat"}, call) {
						t.Errorf("an error was passed over")
					}
					tr.converges(b)
					b.must(os.RemoveAll(b.dir))
					if t.Failed() {
						t.Fatalf("%s, %s at %s number %d: exit %d\n%s%s", tr.name, name, call, nth, r.code, r.out, r.err)
					}
				}
			}
		}
	}
	t.Logf("%d errors", errs)
	if errs < 100 {
		t.Errorf("only %d errors", errs)
	}
}

// named matches an act and a path of the node.
var named = regexp.MustCompile(`(reading|writing|locking|listing|removing|making directory|looking at|opening) [^:]*/(etc|var|run|tmp)`)

// explained insists that an apply that did not finish says which path and why.
func (tr passage) explained(b box, r result, cause string) {
	b.t.Helper()
	if r.code == exitOK {
		return
	}
	if r.code != exitError && r.code != exitInPart {
		b.t.Errorf("exit %d", r.code)
	}
	if r.code == exitError && laws.Tree(b.dir, false) != laws.Tree(tr.before.dir, false) {
		b.t.Error("it exits 1 although something was changed")
	}
	said := strings.Join(strings.Fields(r.err), " ")
	if !strings.Contains(said, cause) || !named.MatchString(said) {
		b.t.Errorf("no path or no cause %q in %q", cause, r.err)
	}
}
