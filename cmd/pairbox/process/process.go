// Package process tells which processes of this machine belong together, by what
// proc_pid_stat(5) says of each.
//
// A process that has ended and that nobody has waited for is a zombie. Its files
// and sockets are closed by then.
package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// stat is what is told of a process. One that is gone has no state.
type stat struct {
	state         string
	parent, group int
}

func look(pid int) (s stat) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}
	}
	// The name before the last parenthesis may hold anything.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 3 {
		return stat{}
	}
	s.state = fields[0]
	s.parent, _ = strconv.Atoi(fields[1]) // the kernel writes numbers
	s.group, _ = strconv.Atoi(fields[2])
	return s
}

func list(belongs func(stat) bool) (pids []int) {
	names, _ := filepath.Glob("/proc/[0-9]*") // the pattern is right
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if err == nil && belongs(look(pid)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// Children are the processes that a process started, zombies too.
func Children(parent int) []int { return list(func(s stat) bool { return s.parent == parent }) }

// Group are the processes of a process group, zombies too.
func Group(id int) []int { return list(func(s stat) bool { return s.group == id }) }

// Live tells whether one of some processes is there and more than a zombie.
func Live(pids []int) bool {
	return slices.ContainsFunc(pids, func(pid int) bool {
		state := look(pid).state
		return state != "" && state != "Z"
	})
}
