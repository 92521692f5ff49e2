package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// hold starts an apply that a slow systemctl holds up, and waits until it is
// there.
func (b box) hold() *exec.Cmd {
	b.t.Helper()
	b.put("var/lib/stub/systemctl", "sleep 60\n")
	cmd := exec.Command(binary(b.t), "--root", b.dir, "apply", "--auto-approve", "--allow", "restart")
	b.must(cmd.Start())
	b.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if b.get("var/log/commands.log") != absent {
			return cmd
		}
	}
	b.t.Fatal("the held apply never came to its command")
	return nil
}

func TestOfFiftyAppliesOneRuns(t *testing.T) {
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
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	held := b.hold()
	time.AfterFunc(300*time.Millisecond, func() { held.Process.Kill() })
	b.must(os.Remove(filepath.Join(b.dir, "var/lib/stub/systemctl")))
	b.expect(exitOK, "apply", "--auto-approve", "--lock-timeout", "1m")
}

func TestInterruptedBetweenTwoStepsItSaysHowFarItCame(t *testing.T) {
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	b.put("var/lib/stub/systemctl", "sleep 1\n")
	cmd := exec.Command(binary(t), "--root", b.dir, "apply", "--auto-approve", "--allow", "restart")
	var errs strings.Builder
	cmd.Stderr = &errs
	b.must(cmd.Start())
	for b.get("var/log/commands.log") == absent {
		time.Sleep(5 * time.Millisecond)
	}
	b.must(cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitInterrupted {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	b.expect(exitOK, "plan", "--detailed-exitcode")
}
