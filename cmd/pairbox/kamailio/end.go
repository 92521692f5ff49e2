package kamailio

import (
	"errors"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

// Kill ends all processes of the server at once, as a power cut does. One that
// does not run is no error.
func (s *Server) Kill() error {
	if s.cmd == nil {
		return nil
	}
	err := s.signal(syscall.SIGKILL)
	if s.guard != nil && s.guard.Process != nil {
		err = errors.Join(err, s.guard.Process.Kill())
		_ = s.guard.Wait() // it was killed
		s.life.Close()
	}
	_ = s.cmd.Wait() // it was killed
	// Its children have its sockets, too.
	for process.Live(process.Group(s.PID())) {
		time.Sleep(lookAgain)
	}
	s.cmd, s.guard = nil, nil
	return err
}

// Freeze stops all processes of the server where they are; the kernel goes on to
// take connections and packets for it.
func (s *Server) Freeze() error { return s.signal(syscall.SIGSTOP) }

// Thaw is the opposite of Freeze.
func (s *Server) Thaw() error { return s.signal(syscall.SIGCONT) }

// signal reaches the whole group, whose number is that of its first process.
func (s *Server) signal(signal syscall.Signal) error {
	if s.cmd == nil {
		return errors.New("the SIP server does not run")
	}
	return syscall.Kill(-s.PID(), signal)
}

// Close kills the server and removes its directory.
func (s *Server) Close() error { return errors.Join(s.Kill(), os.RemoveAll(s.dir)) }

// owner is the user that the server runs as, nil for the caller, and makes the
// directory that it writes to.
func (s *Server) owner() (*syscall.Credential, error) {
	if err := os.Mkdir(s.path("run"), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("kamailio")
	if err != nil {
		return nil, err
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(errUID, errGID); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(s.path("run"), int(uid), int(gid))
}
