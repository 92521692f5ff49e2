package peer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// A Session serves the request `files` on two streams. It sees the declared
// directories under their own names and nothing else that could be written.
type Session func(ctx context.Context, in io.Reader, out io.Writer, directories []string) error

// ourselves is the program behind the walls.
const ourselves = "/.hotpair"

const rsyncProgram = "/usr/bin/rsync"

// Inside is the hidden command: `build` puts up the walls around this process,
// which then becomes rsync, or this program again, as `files`.
func Inside(ctx context.Context, args []string, s Streams, files Session) error {
	if err := inside(ctx, args, s, files); err != nil {
		return fmt.Errorf(refusal+"%w", err)
	}
	return nil
}

func inside(ctx context.Context, args []string, s Streams, files Session) error {
	switch {
	case len(args) == 2 && args[0] == "build":
		return build(args[1])
	case len(args) >= 1 && args[0] == FilesRequest && files != nil:
		return files(ctx, s.In, s.Out, args[1:])
	}
	return errors.New("this command is for hotpair itself")
}

// build gives this thread, and with it the program that it becomes, a file
// system of its own and no power beyond it.
func build(spec string) error {
	runtime.LockOSThread()
	var w walls
	if err := json.Unmarshal([]byte(spec), &w); err != nil {
		return fmt.Errorf("reading what to build: %w", err)
	}
	if err := w.enter(); err != nil {
		return fmt.Errorf("confining: %w", err)
	}
	if err := renounce(); err != nil {
		return fmt.Errorf("confining: %w", err)
	}
	program, args := rsyncProgram, append([]string{"rsync"}, w.Rsync...)
	if w.Rsync == nil {
		program, args = ourselves, append([]string{"hotpair", InsideCommand, FilesRequest}, w.Directories...)
	}
	syscall.Umask(0o022)
	return fmt.Errorf("running %s: %w", program, syscall.Exec(program, args, environment()))
}

// enter builds the new root and makes it the only one.
func (w walls) enter() error {
	root, err := disk.Open(w.Root)
	if err != nil {
		return err
	}
	defer root.Close()
	mounts, err := w.open(root)
	if err != nil {
		return err
	}
	base := root.Host(socketDir)
	if err := (mounting{target: "/", flags: syscall.MS_REC | syscall.MS_PRIVATE}).do(); err != nil {
		return err
	}
	if err := (mounting{"tmpfs", base, "tmpfs", "size=1m,mode=755", syscall.MS_NOSUID | syscall.MS_NODEV}).do(); err != nil {
		return err
	}
	if err := links(base); err != nil {
		return err
	}
	for _, m := range mounts {
		if err := m.bind(base); err != nil {
			return err
		}
	}
	if err := again(base, syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV); err != nil {
		return err
	}
	return change(base)
}

// change makes base the root and lets go of the old one.
func change(base string) error {
	if err := os.Chdir(base); err != nil {
		return err
	}
	if err := syscall.PivotRoot(".", "."); err != nil { // the old root lies over the new one: pivot_root(2)
		return fmt.Errorf("changing the root: %w", err)
	}
	if err := syscall.Unmount(".", syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("leaving the old root: %w", err)
	}
	return os.Chdir("/")
}

// system lists what a program needs to run: nothing of it can be written.
func system() []string {
	return []string{"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache", "/dev/null"}
}

// open opens everything that will be seen, before anything is covered.
func (w walls) open(root *disk.Root) ([]bound, error) {
	var mounts []bound
	for _, name := range system() {
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink != 0 && path.Dir(name) == "/" {
			continue // not on this machine, or one of links
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		mounts = append(mounts, bound{from: f, at: name})
	}
	name, err := os.Executable() // by its path: /proc/self/exe leads to a mount of the namespace before
	if err != nil {
		return nil, err
	}
	self, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	mounts = append(mounts, bound{from: self, at: ourselves})
	for _, name := range w.Directories {
		f, err := root.OpenDir(name)
		if errors.Is(err, fs.ErrNotExist) && rehearses(w.Rsync) {
			continue
		}
		if err != nil {
			return nil, err
		}
		mounts = append(mounts, bound{from: f, at: name, writable: true})
	}
	return mounts, nil
}

// links makes the links that a merged /usr has in the root.
func links(base string) error {
	for _, name := range system() {
		if strings.Count(name, "/") != 1 {
			continue
		}
		if to, err := os.Readlink(name); err == nil {
			if err := os.Symlink(to, filepath.Join(base, name)); err != nil {
				return err
			}
		}
	}
	return nil
}
