package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// mode is a watch block.
func mode(word string) string { return "watch {\n  mode = \"" + word + "\"\n}\n" }

// untouched removes the sentinel and insists that it stays away over a look.
func (w *watched) untouched() {
	w.t.Helper()
	w.must(os.Remove(filepath.Join(w.dir, "var/lib/wazo/is-primary")))
	w.eventually("the difference is seen", func() bool { return strings.Contains(w.get("run/hotpair/watch.json"), `"differences":1`) })
	w.is("var/lib/wazo/is-primary", absent)
}

func (w *watched) state(part string) {
	w.t.Helper()
	w.has("run/hotpair/watch.json", part)
}

func TestObservingGoesOnWhenTheFileBreaks(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	w.declare("master", "10.0.0.2", mode("observe"))
	w.state(`"mode":"observe"`)
	w.must(os.Truncate(filepath.Join(w.dir, "etc/hotpair/ha.hcl"), 0))
	w.says("ha.hcl cannot be used; the last good one stays in force")
	w.untouched()
}

func TestAWrongRoleThatIsToBeObservedTouchesNothing(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	w.declare("slave", "10.0.0.2", mode("observe"))
	w.says("a change waits for consent")
	w.untouched()
}

func TestWhatWasObservedIsNoConsentToARole(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.put("var/lib/wazo/disabled", "")
	w.declare("slave", "10.0.0.2", mode("observe"))
	w.watch()
	w.state(`"mode":"observe"`)
	w.must(os.Remove(filepath.Join(w.dir, "var/lib/wazo/disabled")))
	w.declare("slave", "10.0.0.2")
	w.says("a serving disabled node is to become slave")
	w.is("etc/cron.d/xivo-ha-slave", absent)
}

func TestHealingWaitsForAFirstApply(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.declare("master", "10.0.0.2", mode("heal"))
	before := withoutFile(w.tree(), "etc/hotpair/ha.hcl")
	w.watch()
	w.says("run `hotpair apply` once")
	w.declare("master", "10.0.0.2", every(11), mode("heal"))
	w.state(`"differences"`)
	w.contains(w.expect(exitOK, "status").out, "no ha.hcl is in force; in mode heal")
	if after := withoutFile(w.tree(), "etc/hotpair/ha.hcl"); before != after {
		t.Errorf("something was touched:\n%s\n%s", before, after)
	}
	w.expect(exitOK, "apply", "--auto-approve", "--allow", "restart", "--lock-timeout", "10s")
	w.says("nothing waits any more")
	w.look()
}

func TestTheLastGoodFileNeedsNoOtherFile(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.put("etc/hotpair/url", "postgres://127.0.0.1:1/asterisk\n")
	w.declare("master", "10.0.0.2", "database {\n  enabled = false\n  url     = file(\"/etc/hotpair/url\")\n}\n")
	w.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	w.must(os.Remove(filepath.Join(w.dir, "etc/hotpair/url")))
	w.watch()
	w.says("ha.hcl cannot be used; the last good one stays in force")
	w.contains(w.expect(exitError, "status").out, "master, enforce")
	w.look()
}

func TestWhatIsInForceIsToldTruly(t *testing.T) {
	t.Parallel()
	w := settled(t)
	good := w.get("etc/hotpair/ha.hcl")
	w.put("etc/hotpair/ha.hcl", "nonsense")
	w.put("var/lib/hotpair/accepted.json", "{")
	w.start()
	w.says("what was in force cannot be read any more")
	w.says("ha.hcl cannot be used, and no earlier one is in force: nothing is touched")
	w.says(`msg="waiting for ha.hcl"`)
	w.declare("slave", "10.0.0.2")
	w.says("ha.hcl can be used again")
	w.says("a serving master node is to become slave")
	if text := w.expect(exitOK, "status").out; !strings.Contains(text, "no ha.hcl is in force") || strings.Contains(text, "slave, enforce") {
		t.Errorf("status says %s", text)
	}
	w.put("etc/hotpair/ha.hcl", good)
	w.says("what is in force can be read again")
	w.look()
	if strings.Contains(w.log.String(), "the last good one stays in force") {
		t.Error("a good one is told of that there is not")
	}
}

func TestADropInAloneIsNotFollowedWhenTheFileIsGone(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.declare("master", "10.0.0.2", every(11))
	whole := w.get("etc/hotpair/ha.hcl")
	w.put("etc/hotpair/ha.d/10.hcl", strings.Replace(whole, "*/11", "*/12", 1))
	w.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	w.put("etc/hotpair/ha.d/10.hcl", strings.Replace(whole, "*/11", "*/13", 1))
	w.must(os.Truncate(filepath.Join(w.dir, "etc/hotpair/ha.hcl"), 0))
	w.watch()
	w.once("is empty or gone, and only ha.d is left")
	w.contains(w.get(masterJobs), "*/12")
	w.must(os.Remove(filepath.Join(w.dir, "etc/hotpair/ha.hcl")))
	w.look()
	w.contains(w.get(masterJobs), "*/12")
	w.expect(exitOK, "apply", "--auto-approve", "--lock-timeout", "10s")
	w.says("ha.hcl can be used again")
	w.contains(w.get(masterJobs), "*/13")
}

func TestWithoutHaHclTheDaemonSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	w := &watched{box: newBox(t, "wazo")}
	w.start()
	w.says(`msg="waiting for ha.hcl"`)
	if text := w.log.String(); strings.Contains(text, `role=""`) || strings.Contains(text, "msg=watching") {
		t.Error(text)
	}
	w.declare("master", "10.0.0.2")
	w.says("ha.hcl can be used again")
}

func TestABrokenMemoryOfHealsIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"null", "[", `{"sentinel":null}`} {
		w := settled(t)
		w.put("run/hotpair/heals.json", text)
		w.watch().look()
		w.has("run/hotpair/heals.json", `"sentinel":["`)
	}
}

func TestWithoutInotifyTheDaemonLooksNowAndThen(t *testing.T) {
	t.Parallel()
	needs(t, "unshare")
	w := settled(t, everySecond)
	limit := exec.Command("unshare", "--user", "--map-root-user", "sh", "-c", `echo 0 >/proc/sys/user/max_inotify_instances && exec "$0" --root "$1" watch`, binary(t), w.dir)
	w.run(limit)
	w.says("msg=watching")
	w.contains(w.log.String(), "no file can be watched")
	w.look()
	w.declare("master", "10.0.0.2", every(11), everySecond)
	w.has(masterJobs, "*/11")
}

func TestAFileThatCannotBeReadLeavesTheLastGoodOne(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("a test needs root, to run the daemon as somebody else")
		}
		t.Skip("root is needed, to run the daemon as somebody else")
	}
	const nobody = 65534
	w := settled(t, every(11))
	program := filepath.Join(w.dir, "hotpair")
	w.must(os.Link(binary(t), program))
	out, err := exec.Command("chown", "-R", fmt.Sprintf("%d:%d", nobody, nobody), filepath.Dir(w.dir)).CombinedOutput()
	if err != nil {
		t.Fatal(err, string(out))
	}
	cmd := exec.Command(program, "--root", w.dir, "watch")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	w.run(cmd)
	w.says("msg=watching")
	file := filepath.Join(w.dir, "etc/hotpair/ha.hcl")
	w.must(os.Chown(file, 0, 0))
	w.must(os.Chmod(file, 0o600))
	w.once("ha.hcl cannot be used; the last good one stays in force")
	w.contains(w.log.String(), "permission denied")
	w.has(masterJobs, "*/11")
}
