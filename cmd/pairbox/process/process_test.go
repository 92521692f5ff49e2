package process_test

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

func TestAProcessIsAChildOfItsGroupUntilItEnds(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	if !slices.Contains(process.Children(os.Getpid()), pid) || !slices.Equal(process.Group(pid), []int{pid}) || !process.Live(process.Group(pid)) {
		t.Error("a process that runs is not found")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(10 * time.Second); process.Live([]int{pid}); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it lives on")
		}
	}
	if !slices.Equal(process.Group(pid), []int{pid}) {
		t.Error("nobody waited for the zombie")
	}
	_ = cmd.Wait() // it was killed
	if len(process.Group(pid)) > 0 {
		t.Error("it is gone")
	}
}
