package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"
)

// longestSocket is how long the path of a socket may be, in bytes (unix(7)).
const longestSocket = 107

// socket listens at a path. One that is too long goes by way of its directory.
type socket struct {
	net.Listener
	dir *os.File // nil: it is not needed
}

func listenSocket(at string, mode fs.FileMode) (net.Listener, error) {
	if err := vacate(at); err != nil {
		return nil, err
	}
	near, dir, err := approach(at)
	if err != nil {
		return nil, err
	}
	s := socket{dir: dir}
	if s.Listener, err = net.Listen("unix", near); err != nil {
		dir.Close()
		return nil, err
	}
	if err := os.Chmod(at, mode); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close takes the socket away. Its directory is needed for that.
func (s socket) Close() error {
	err := s.Listener.Close()
	s.dir.Close()
	return err
}

// Dial connects to a socket, whose path may be longer than the kernel takes.
func Dial(at string, limit time.Duration) (net.Conn, error) {
	near, dir, err := approach(at)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return net.DialTimeout("unix", near, limit)
}

// approach is a path to a socket that the kernel takes, and the directory that it
// leads through; nil: through none.
func approach(at string) (near string, dir *os.File, err error) {
	if len(at) <= longestSocket {
		return at, nil, nil
	}
	if dir, err = os.Open(filepath.Dir(at)); err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(at)), dir, nil
}

// vacate takes away a socket that a killed daemon left, and nothing else.
func vacate(at string) error {
	info, err := os.Lstat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return errors.New("something else stands there: remove it, or name another path")
	}
	conn, err := Dial(at, time.Second)
	if err == nil {
		conn.Close()
		return errors.New("somebody else listens there")
	}
	return os.Remove(at)
}
