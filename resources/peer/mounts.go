package peer

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// bound is a directory or file that is seen behind the walls.
type bound struct {
	from     *os.File
	at       string
	writable bool
}

// bind mounts it below base. What is mounted below a directory does not come
// along: its flags would be its own.
func (b bound) bind(base string) error {
	defer b.from.Close()
	target := filepath.Join(base, b.at)
	if err := b.place(target); err != nil {
		return err
	}
	source := fmt.Sprintf("/proc/self/fd/%d", b.from.Fd())
	err := mounting{source: source, target: target, flags: syscall.MS_BIND}.do()
	if errors.Is(err, syscall.EINVAL) && os.Geteuid() != 0 { // a user namespace must take all of it, and may write none of it
		err = mounting{source: source, target: target, flags: syscall.MS_BIND | syscall.MS_REC}.do()
	}
	if err != nil {
		return err
	}
	flags, err := b.flags(target)
	if err != nil {
		return err
	}
	return again(target, flags)
}

// place makes what is mounted over.
func (b bound) place(target string) error {
	info, err := b.from.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.MkdirAll(target, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(target, os.O_CREATE|os.O_RDONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// flags are those that the mount has where it comes from, and ours.
func (b bound) flags(target string) (uintptr, error) {
	const inherited = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC | syscall.MS_RDONLY | syscall.MS_NOATIME | syscall.MS_NODIRATIME
	var fs syscall.Statfs_t
	if err := syscall.Statfs(target, &fs); err != nil {
		return 0, fmt.Errorf("looking at the mount of %s: %w", b.at, err)
	}
	flags := uintptr(fs.Flags) & inherited // statfs(2) numbers these as mount(2) does
	flags |= syscall.MS_NOSUID
	switch {
	case b.writable:
		flags |= syscall.MS_NODEV | syscall.MS_NOEXEC
	case b.at == "/dev/null":
	default:
		flags |= syscall.MS_NODEV | syscall.MS_RDONLY
	}
	return flags, nil
}

// mounting is one mount(2).
type mounting struct {
	source, target, kind, data string
	flags                      uintptr
}

func (m mounting) do() error {
	if err := syscall.Mount(m.source, m.target, m.kind, m.flags, m.data); err != nil {
		return fmt.Errorf("mounting %s: %w", m.target, err)
	}
	return nil
}

// again changes the flags of a mount.
func again(target string, flags uintptr) error {
	return mounting{target: target, flags: syscall.MS_REMOUNT | syscall.MS_BIND | flags}.do()
}
