package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// giveBack gives back the memory that nothing needs until the next look at the
// node: the heap's, and the program's pages, which stay in the kernel's cache of
// the disk, from where the next use of one takes it. What decides is used each
// second, so it never goes for long.
func (a *app) giveBack() {
	debug.FreeOSMemory()
	if err := unmapPages(); err != nil {
		a.log.Debug("the program's pages are kept", "error", err)
	}
}

// unmapPages has the pages of this program's file mapped anew when they are used.
func unmapPages() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	defer f.Close()
	list, err := cleanMappings(f, program)
	for _, m := range list {
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, m.start, m.end-m.start, syscall.MADV_DONTNEED); errno != 0 {
			err = errors.Join(err, errno)
		}
	}
	return err
}

// mapping is a range of addresses.
type mapping struct{ start, end uintptr }

// cleanMappings are those of a file that hold what the file does and cannot be
// written, in the form of proc_pid_smaps(5): a line of addresses, access, offset,
// device, inode and path, and then one for each figure.
func cleanMappings(smaps io.Reader, file string) (list []mapping, err error) {
	var m mapping
	ours := false
	clean := 0 // figures that tell that nothing of it is another page, also none in the swap
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) >= 5 && !strings.HasSuffix(words[0], ":"):
			_, err := fmt.Sscanf(words[0], "%x-%x", &m.start, &m.end)
			path := strings.Join(words[5:], " ")
			ours, clean = err == nil && path == file && !strings.Contains(words[1], "w"), 0
		case ours && len(words) > 1 && (words[0] == "Anonymous:" || words[0] == "Swap:") && words[1] == "0":
			if clean++; clean == 2 {
				list = append(list, m)
			}
		}
	}
	return list, lines.Err()
}
