package postgres

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// stat is a process's state and parent, of /proc/PID/stat; see proc(5). A
// process that is gone has no state.
func stat(pid int) (state string, parent int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0
	}
	// The name before the last parenthesis may hold anything.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 2 {
		return "", 0
	}
	parent, _ = strconv.Atoi(fields[1])
	return fields[0], parent
}

func children(parent int) []int {
	var list []int
	names, _ := filepath.Glob("/proc/[0-9]*")
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		if _, of := stat(pid); err == nil && of == parent {
			list = append(list, pid)
		}
	}
	return list
}

// anyLives reports whether one of the processes is there and more than a zombie.
func anyLives(processes []int) bool {
	return slices.ContainsFunc(processes, func(pid int) bool {
		state, _ := stat(pid)
		return state != "" && state != "Z"
	})
}
