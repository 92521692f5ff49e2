package peer

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// InsideCommand is the hidden command of the program as which it runs itself
// behind walls; its arguments are for Inside.
const InsideCommand = "peer-inside"

// ErrSaid is the error of what was asked for, which has told its own.
var ErrSaid = errors.New("what was asked for failed")

// walls are what a confined request is built from. It travels as an argument:
// nothing in it is secret.
type walls struct {
	Root        string   `json:"root"`
	Directories []string `json:"directories"`
	Rsync       []string `json:"rsync"` // nil: the session of files
}

// confined runs rsync, or the session of files, where there is nothing but the
// declared directories. Those that are missing are made, and an earlier one ends,
// unless rsync is only to tell what it would do.
func (n Node) confined(ctx context.Context, s Streams, r Request) error {
	if !rehearses(r.Args) {
		lock, err := n.newest(ctx)
		if err != nil {
			return err
		}
		defer lock.Release()
		for _, dir := range n.State.Directories {
			if err := n.Host.MakeDir(dir, 0o755); err != nil {
				return err
			}
		}
	}
	if err := n.Host.MakeDir(socketDir, 0o700); err != nil { // where the walls are built
		return err
	}
	spec, err := json.Marshal(walls{Root: n.Host.Host("/"), Directories: n.State.Directories, Rsync: r.Args})
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, program, InsideCommand, "build", string(spec))
	cmd.Env = environment()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, s.Err
	cmd.SysProcAttr = namespace()
	cmd.Cancel = func() error { return group(cmd.Process.Pid).kill() }
	if err := cmd.Start(); err != nil {
		return err
	}
	defer group(cmd.Process.Pid).gone()
	err = cmd.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ErrSaid
	}
	return err
}

// namespace is that of the child: mounts of its own, which root may have and
// which anybody else may have as the root of a user namespace.
func namespace() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if uid, gid := os.Geteuid(), os.Getegid(); uid != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
		a.AmbientCaps = []uintptr{capSysAdmin, capSetpcap}
	}
	return a
}
