package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// hold starts an apply that a slow systemctl holds up, and waits until it is
// there.
func (b box) hold() *exec.Cmd {
	b.t.Helper()
	b.put("var/lib/stub/systemctl", ": > '"+filepath.Join(b.dir, "var/lib/stub/held")+"'; sleep 60\n")
	cmd := exec.Command(binary(b.t), "--root", b.dir, "apply", "--auto-approve", "--allow", "restart")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b.must(cmd.Start())
	b.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its slow command as well
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if b.get("var/lib/stub/held") != absent {
			return cmd
		}
	}
	b.t.Fatal("the held apply never came to its command")
	return nil
}

func TestOfFiftyAppliesOneRuns(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	held := b.hold()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			cmd := exec.Command(binary(t), "--root", b.dir, "apply", "--auto-approve")
			var errs strings.Builder
			cmd.Stderr = &errs
			err := cmd.Run()
			if code := cmd.ProcessState.ExitCode(); code != exitLocked || !strings.Contains(errs.String(), "hotpair apply (pid ") {
				t.Errorf("exit %d, %v: %s", code, err, errs.String())
			}
		})
	}
	wg.Wait()
	b.contains(b.expect(exitOK, "status").out, "Running", "hotpair apply")

	b.must(held.Process.Kill())
	if err := held.Wait(); err == nil {
		t.Error("the held apply ended by itself")
	}
	b.put("var/lib/stub/systemctl", "")
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	b.expect(exitOK, "plan", "--detailed-exitcode")
	b.contains(b.get("var/log/commands.log"), "restart postgresql.service\nsystemctl restart postgresql.service")
}

func TestPatienceWaitsForTheOther(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	held := b.hold()
	b.must(os.Remove(filepath.Join(b.dir, "var/lib/stub/systemctl")))
	b.expect(exitLocked, "apply", "--auto-approve", "--lock-timeout", "100ms")
	time.AfterFunc(300*time.Millisecond, func() { held.Process.Kill() })
	b.expect(exitOK, "apply", "--auto-approve", "--lock-timeout", "1m")
}

// canceller ends a run once it has printed something.
type canceller struct {
	strings.Builder
	at     string
	cancel context.CancelFunc
}

func (c *canceller) Write(p []byte) (int, error) {
	if strings.Contains(string(p), c.at) {
		c.cancel()
	}
	return c.Builder.Write(p)
}

func TestInterruptedBetweenTwoStepsItSaysHowFarItCame(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	ctx, cancel := context.WithCancel(t.Context())
	out, errs := &canceller{at: "done schedule", cancel: cancel}, &strings.Builder{}
	code := run(ctx, []string{"--root", b.dir, "apply", "--auto-approve"}, stdio{in: strings.NewReader(""), out: out, err: errs})
	if code != exitInterrupted {
		t.Errorf("exit %d", code)
	}
	b.contains(errs.String(), "interrupted", "Done:       postgres_access, schedule\n", "Not done:   sentinel, ha_conf\n", "Owed:       reload postgresql\n")
	b.is("etc/xivo/ha.conf", absent)
	b.expect(exitOK, "apply", "--auto-approve")
	b.contains(b.get("var/log/commands.log"), "reload")
	b.expect(exitOK, "plan", "--detailed-exitcode")
}

func TestALostTerminalDoesNotEndAnApply(t *testing.T) {
	t.Parallel()
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	cmd := b.hold()
	b.must(cmd.Process.Signal(syscall.SIGHUP))
	time.Sleep(100 * time.Millisecond)
	b.contains(b.expect(exitOK, "status").out, "Running")
}
