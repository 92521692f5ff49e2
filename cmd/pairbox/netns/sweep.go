package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// remove ends what runs in a namespace, and removes it.
func remove(name string) error { return errors.Join(end(name), ip("netns", "del", name)) }

// end kills what runs in a namespace.
func end(name string) error {
	out, err := exec.Command("ip", "netns", "pids", name).Output()
	for _, word := range strings.Fields(string(out)) {
		if pid, wrong := strconv.Atoi(word); wrong == nil && pid != os.Getpid() {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
		}
	}
	return err
}

// sweep removes what programs left that are gone.
func sweep() error {
	entries, err := os.ReadDir(namespaces)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), prefix)
		word, _, _ := strings.Cut(rest, "-")
		pid, wrong := strconv.Atoi(word)
		if !ours || wrong != nil {
			continue
		}
		if _, gone := os.Stat(fmt.Sprintf("/proc/%d", pid)); errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, remove(e.Name()))
		}
	}
	return err
}
