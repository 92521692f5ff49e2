package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// watched is a node with a daemon.
type watched struct {
	box
	log *lockedBuffer
	cmd *exec.Cmd
}

// lockedBuffer takes what a process writes while a test reads it.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// settled is a master that hotpair has set up.
func settled(t *testing.T, blocks ...string) *watched {
	t.Helper()
	w := &watched{box: newBox(t, "wazo")}
	w.declare("master", "10.0.0.2", blocks...)
	w.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	return w
}

// watch starts the daemon and waits until it has looked once.
func (w *watched) watch(args ...string) *watched {
	w.t.Helper()
	w.start(args...)
	w.says("msg=watching")
	return w
}

func (w *watched) start(args ...string) {
	w.t.Helper()
	w.run(exec.Command(binary(w.t), append([]string{"--root", w.dir, "watch"}, args...)...))
}

func (w *watched) run(cmd *exec.Cmd) {
	w.t.Helper()
	w.log, w.cmd = &lockedBuffer{}, cmd
	w.cmd.Stderr = w.log
	w.must(w.cmd.Start())
	w.t.Cleanup(func() {
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
		if w.t.Failed() {
			w.t.Log(w.log.String())
		}
	})
}

// within is ten times what a change may take, and more on a busy machine.
const within = 20 * time.Second

func (w *watched) eventually(what string, is func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if is() {
			return
		}
	}
	w.t.Fatalf("not within %s: %s", within, what)
}

func (w *watched) says(text string) {
	w.t.Helper()
	w.eventually(text, func() bool { return strings.Contains(w.log.String(), text) })
}

// once insists that the log says a thing one time, also after further looks. The
// first look may be in the midst of what goes wrong; the one after it is not. When
// that has told what it saw, nothing is said any more, in other words either.
func (w *watched) once(text string) {
	w.t.Helper()
	w.says(text)
	w.look()
	w.silent()
	said := w.log.String()
	if n := strings.Count(said, text); n > 2 {
		w.t.Errorf("said %d times: %s", n, text)
	}
	for range 2 {
		w.look()
	}
	for line := range strings.Lines(strings.TrimPrefix(w.log.String(), said)) {
		if !strings.Contains(line, "level=INFO msg=changed resource=sentinel") {
			w.t.Errorf("said again: %s", line)
		}
	}
}

// silent waits until the daemon has told what it had to tell.
func (w *watched) silent() {
	w.t.Helper()
	for last := -1; last != len(w.log.String()); time.Sleep(500 * time.Millisecond) {
		last = len(w.log.String())
	}
}

// look has the daemon look, and waits for the end of that: a file that it keeps
// is changed and comes back.
func (w *watched) look() {
	w.t.Helper()
	healed := func() int { return strings.Count(w.log.String(), "msg=changed resource=sentinel") }
	before := healed()
	w.must(os.Remove(filepath.Join(w.dir, "var/lib/wazo/is-primary")))
	w.eventually("the sentinel comes back", func() bool { return healed() > before })
}

func (w *watched) has(name, part string) {
	w.t.Helper()
	w.eventually(name+" has "+part, func() bool { return strings.Contains(w.get(name), part) })
}

func every(minutes int) string {
	return fmt.Sprintf("replication {\n  schedule = \"*/%d * * * *\"\n}\n", minutes)
}

const masterJobs = "etc/cron.d/xivo-ha-master"

func TestWatchFollowsEveryWayOfWritingTheFile(t *testing.T) {
	t.Parallel()
	w := settled(t).watch("--log-level", "debug")
	file := filepath.Join(w.dir, "etc/hotpair/ha.hcl")
	text := func(minutes int) string {
		w.declare("master", "10.0.0.2", every(minutes))
		return w.get("etc/hotpair/ha.hcl")
	}
	// in place
	text(11)
	w.has(masterJobs, "*/11")
	// by rename
	w.put("etc/hotpair/new", strings.Replace(w.get("etc/hotpair/ha.hcl"), "*/11", "*/12", 1))
	w.must(os.Rename(filepath.Join(w.dir, "etc/hotpair/new"), file))
	w.has(masterJobs, "*/12")
	// through a link, whose target changes
	w.put("srv/real.hcl", strings.Replace(w.get("etc/hotpair/ha.hcl"), "*/12", "*/13", 1))
	w.must(os.Remove(file))
	w.must(os.Symlink(filepath.Join(w.dir, "srv/real.hcl"), file))
	w.has(masterJobs, "*/13")
	w.put("srv/real.hcl", strings.Replace(w.get("srv/real.hcl"), "*/13", "*/14", 1))
	w.has(masterJobs, "*/14")
	w.must(os.Remove(file))
	// in two pieces, the first of which is no whole file
	whole := strings.Replace(w.get("srv/real.hcl"), "*/14", "*/15", 1)
	w.put("etc/hotpair/ha.hcl", whole[:40])
	time.Sleep(50 * time.Millisecond)
	w.put("etc/hotpair/ha.hcl", whole)
	w.has(masterJobs, "*/15")
	// a drop-in, added and removed
	w.put("etc/hotpair/ha.d/10.hcl", every(16))
	w.has(masterJobs, "*/16")
	w.must(os.Remove(filepath.Join(w.dir, "etc/hotpair/ha.d/10.hcl")))
	w.has(masterJobs, "*/15")
	w.expect(exitOK, "plan", "--detailed-exitcode")
}

func TestWatchKeepsTheLastGoodFile(t *testing.T) {
	t.Parallel()
	w := settled(t, every(11), "watch {\n  max_heals = 100\n}\n").watch()
	file := filepath.Join(w.dir, "etc/hotpair/ha.hcl")
	good := w.get("etc/hotpair/ha.hcl")
	for _, c := range []struct {
		what string
		do   func() error
		said string
	}{
		{"an error", func() error { w.put("etc/hotpair/ha.hcl", good+"\nnode {\n"); return nil }, "ha.hcl cannot be used"},
		{"emptied", func() error { return os.Truncate(file, 0) }, "Missing block node"},
		{"removed", func() error { return os.Remove(file) }, "there is no "},
		{"writable by others", func() error { w.put("etc/hotpair/ha.hcl", good); return os.Chmod(file, 0o666) }, "Others may write this file"},
	} {
		w.must(c.do())
		w.once(c.said)
		w.has(masterJobs, "*/11")
		w.contains(w.hotpair("status").out, "Watch", "master, enforce")
		if err := os.Chmod(file, 0o644); err != nil && c.what != "removed" {
			t.Fatal(err)
		}
	}
	w.must(os.Remove(file))
	w.must(w.cmd.Process.Kill())
	_ = w.cmd.Wait()
	w.put("etc/hotpair/ha.hcl", "nonsense")
	w.watch()
	w.says("ha.hcl cannot be used; the last good one stays in force")
	w.look()
	w.declare("master", "10.0.0.2", every(12))
	w.has(masterJobs, "*/12")
	w.says("ha.hcl can be used again")
}

func TestWatchMendsWhatSomebodyDoes(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	haConf := w.get("etc/xivo/ha.conf")
	w.put("etc/xivo/ha.conf", "{}")
	w.has("etc/xivo/ha.conf", haConf)
	w.must(os.Remove(filepath.Join(w.dir, "etc/xivo/ha.conf")))
	w.has("etc/xivo/ha.conf", haConf)
	w.must(os.Rename(filepath.Join(w.dir, "etc/xivo"), filepath.Join(w.dir, "etc/xivo.old")))
	w.must(os.Mkdir(filepath.Join(w.dir, "etc/xivo"), 0o755))
	w.has("etc/xivo/ha.conf", haConf)
	for i := range 10000 {
		w.put(fmt.Sprintf("var/lib/wazo/noise-%d", i), "")
	}
	w.look()
	w.expect(exitOK, "drift")
}

func TestWatchLeavesAloneWhatSomebodyKeepsChanging(t *testing.T) {
	t.Parallel()
	w := settled(t, "watch {\n  max_heals = 3\n}\n").watch()
	for range 3 {
		w.put("etc/xivo/ha.conf", "{}")
		w.has("etc/xivo/ha.conf", "master")
	}
	w.put("etc/xivo/ha.conf", "{}")
	w.says("somebody else keeps changing this; it is left alone")
	w.once("somebody else keeps changing this")
	w.is("etc/xivo/ha.conf", "{}")
	w.contains(w.expect(exitOK, "status").out, "left alone: ha_conf")
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	w.must(w.cmd.Wait())
	w.watch().says("somebody else keeps changing this")
	w.is("etc/xivo/ha.conf", "{}")
}

func TestAWrongRoleEndsNoCallAndStartsNobody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, said string }{
		{"master", "slave", "a serving master node is to become slave"},
		{"master", "disabled", "a master is to leave the pair"},
		{"slave", "master", "a slave is to become master"},
		{"slave", "disabled", "a slave is to become disabled"},
	} {
		t.Run(c.from+" to "+c.to, func(t *testing.T) {
			w := &watched{box: newBox(t, "wazo")}
			w.declare(c.from, "10.0.0.2")
			w.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
			w.watch()
			before, commands := w.tree(), w.get("var/log/commands.log")
			w.declare(c.to, "10.0.0.2")
			ours := w.get("etc/hotpair/ha.hcl")
			w.says(c.said)
			w.declare(c.from, "10.0.0.2")
			w.says("nothing waits any more")
			w.put("etc/hotpair/ha.hcl", ours)
			w.eventually("it is said again", func() bool { return strings.Count(w.log.String(), c.said) == 2 })
			w.is("var/log/commands.log", commands)
			w.eventually("status tells", func() bool {
				out := w.expect(exitOK, "status").out
				return strings.Contains(out, c.said) && strings.Contains(out, "`hotpair apply`")
			})
			w.contains(w.expect(exitOK, "plan").out, "The daemon holds this back: "+c.said)
			w.declare(c.from, "10.0.0.2")
			w.eventually("it is as before", func() bool { return strings.Count(w.log.String(), "nothing waits any more") == 2 })
			if after := w.tree(); withoutFile(before, "etc/hotpair/ha.hcl") != withoutFile(after, "etc/hotpair/ha.hcl") {
				t.Errorf("something was touched:\n%s\n%s", before, after)
			}
		})
	}
}

// withoutFile leaves a file out of a tree.
func withoutFile(tree, name string) string {
	var b strings.Builder
	for line := range strings.Lines(tree) {
		if !strings.HasPrefix(line, name) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestAnApplyIsConsentToARoleThatWaits(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	w.declare("slave", "10.0.0.2")
	w.says("a change waits for consent")
	w.expect(exitOK, "apply", "--auto-approve", "--lock-timeout", "10s")
	w.says("nothing waits any more")
	w.isStock("slave", "10.0.0.2")
}

func TestConsentToRolesMayStandInTheFile(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	w.declare("slave", "10.0.0.2", "actions {\n  role_change = \"auto\"\n}\n")
	w.has("etc/xivo/ha.conf", "slave")
}

func TestAFirstStartDoesNotChangeTheRole(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.put("etc/xivo/ha.conf", `{"node_type": "master", "remote_address": "10.0.0.2"}`)
	w.declare("slave", "10.0.0.2")
	w.watch()
	w.says("a serving master node is to become slave")
	w.is("etc/cron.d/xivo-ha-slave", absent)
}

func TestTheModes(t *testing.T) {
	t.Parallel()
	w := settled(t, "watch {\n  mode = \"heal\"\n}\n").watch()
	w.look()
	w.declare("master", "10.0.0.2", every(11), "watch {\n  mode = \"heal\"\n}\n")
	w.says("In mode heal this waits")
	w.contains(w.get(masterJobs), "0 * * * *")
	w.expect(exitOK, "apply", "--auto-approve", "--lock-timeout", "10s")
	w.says("nothing waits any more")
	w.declare("master", "10.0.0.2", every(11), "watch {\n  mode = \"observe\"\n}\n")
	w.expect(exitOK, "apply", "--auto-approve", "--lock-timeout", "10s")
	w.contains(w.get(masterJobs), "*/11")
	w.eventually("it observes", func() bool { return strings.Contains(w.get("run/hotpair/watch.json"), "observe") })
	w.must(os.Remove(filepath.Join(w.dir, "var/lib/wazo/is-primary")))
	w.eventually("the difference is counted", func() bool { return strings.Contains(w.get("run/hotpair/watch.json"), `"differences":1`) })
	w.is("var/lib/wazo/is-primary", absent)
}

func TestOneDaemonRunsAndEndsInOrder(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	if r := exec.Command(binary(t), "--root", w.dir, "watch").Run(); r == nil || r.(*exec.ExitError).ExitCode() != exitLocked {
		t.Errorf("a second daemon: %v", r)
	}
	w.must(w.cmd.Process.Signal(syscall.SIGHUP))
	w.look()
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	w.must(w.cmd.Wait())
	w.contains(w.log.String(), "msg=ended")
	w.contains(w.expect(exitOK, "status").out, "does not run")
}

func TestADaemonAtRestWritesNothing(t *testing.T) {
	t.Parallel()
	w := settled(t, "watch {\n  interval = \"1s\"\n}\n").watch()
	w.look()
	time.Sleep(500 * time.Millisecond)
	before, said := treeOf(t, w.dir), w.log.String()
	time.Sleep(3 * time.Second)
	if after := treeOf(t, w.dir); before != after {
		t.Errorf("a file was written:\n%s\n%s", before, after)
	}
	if w.log.String() != said {
		t.Errorf("something was logged: %s", strings.TrimPrefix(w.log.String(), said))
	}
}

// treeOf shows every file, hotpair's own too, with what tells a rewritten one.
func treeOf(t *testing.T, dir string) string {
	t.Helper()
	out, err := exec.Command("find", dir, "-type", "f", "-printf", "%P %i %T@ %s\n").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestWhatAKilledDaemonLeftIsFinished(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.put("var/lib/wazo/disabled", "")
	w.put("var/lib/stub/systemctl", "sleep 60\n")
	w.declare("slave", "10.0.0.2")
	w.log = &lockedBuffer{}
	w.cmd = exec.Command(binary(t), "--root", w.dir, "watch")
	w.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	w.must(w.cmd.Start())
	w.has("var/log/commands.log", "systemctl restart postgresql.service")
	w.must(syscall.Kill(-w.cmd.Process.Pid, syscall.SIGKILL))
	_ = w.cmd.Wait()
	w.put("var/lib/stub/systemctl", "")
	w.watch()
	w.eventually("the restart is made up for", func() bool { return strings.Count(w.get("var/log/commands.log"), "systemctl restart") == 2 })
	w.isStock("slave", "10.0.0.2")
}

func TestADatabaseThatIsAwayHoldsNothingElseBack(t *testing.T) {
	t.Parallel()
	w := settled(t)
	good := w.get("etc/hotpair/ha.hcl")
	w.watch()
	w.declare("master", "10.0.0.2", "database {\n  url = \"postgres://postgres:planted@127.0.0.1:1/asterisk\"\n}\n")
	w.once("the node is not as it should be")
	w.contains(w.expect(exitOK, "status").out, "Watch", "connecting to the telephony database")
	if strings.Contains(w.log.String()+w.get("run/hotpair/watch.json"), "planted") {
		t.Error("the password is told")
	}
	w.put("etc/hotpair/ha.hcl", good)
	w.says("the node is as it should be again")
}

// systemd hears what the daemon tells it.
func (w *watched) systemd() *lockedBuffer {
	w.t.Helper()
	t := w.t
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	w.must(err)
	t.Cleanup(func() { socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "200000")
	told := &lockedBuffer{}
	go func() {
		for message := make([]byte, 4096); ; {
			n, err := socket.Read(message)
			if err != nil {
				return
			}
			fmt.Fprintf(told, "%s\n", message[:n])
		}
	}()
	return told
}

func TestTheDaemonIsReadyBeforeALongAction(t *testing.T) {
	w := &watched{box: newBox(t, "wazo")}
	w.put("var/lib/wazo/disabled", "")
	w.put("var/lib/stub/systemctl", "while [ \"$1\" = restart ] && [ ! -e var/lib/stub/enough ]; do sleep 0.1; done\n")
	w.declare("slave", "10.0.0.2")
	told := w.systemd()
	w.start()
	w.eventually("READY", func() bool { return strings.Contains(told.String(), "READY=1\n") })
	if strings.Contains(w.log.String(), "done action") {
		t.Error("the action had ended already")
	}
	w.put("var/lib/stub/enough", "")
	w.says("msg=watching")
}

func TestSystemdIsTold(t *testing.T) {
	w := settled(t)
	told := w.systemd()
	w.watch()
	w.declare("slave", "10.0.0.2")
	for _, text := range []string{"READY=1\n", "STATUS=master, enforce\n", "WATCHDOG=1\n", "STATUS=master, enforce; a serving master node"} {
		w.eventually(text, func() bool { return strings.Contains(told.String(), text) })
	}
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	w.must(w.cmd.Wait())
	w.eventually("STOPPING", func() bool { return strings.Contains(told.String(), "STOPPING=1\n") })
}
