// Package kamailio runs a real SIP server, Kamailio, for a pair in a box and for
// tests: it answers OPTIONS, and is a registrar that keeps phones' contacts in
// memory, over UDP and TCP. It asks no DNS and sends nothing by itself.
//
// Started by root it runs as Debian's user kamailio, otherwise as the caller. It
// ends with the program that started it, however that ends, also while it is
// frozen. It is several processes, in a group of their own.
package kamailio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Program is Debian's, of the package kamailio.
const Program = "/usr/sbin/kamailio"

const (
	startLimit = 20 * time.Second
	lookAgain  = 10 * time.Millisecond
)

// Options are what a server is made of.
type Options struct {
	Address netip.AddrPort // where it listens
	Status  int            // that answers OPTIONS; 0: 200
	Expiry  Expiry
	Auth    Auth
}

// Server is a server, which runs or not. It is not for several goroutines at
// once.
type Server struct {
	options Options
	dir     string
	cmd     *exec.Cmd // nil: it does not run
	guard   *exec.Cmd
	life    io.Closer // the guard ends the server when this is closed
}

// Start starts a server and waits until it listens. Close it.
func Start(ctx context.Context, o Options) (*Server, error) {
	dir, err := os.MkdirTemp("", "kamailio")
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, dir: dir}
	err = os.Chmod(dir, 0o755) // the server's user enters it
	if err == nil {
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Restart starts the server, killed if it runs. It has forgotten its contacts.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.Kill(); err != nil {
		return err
	}
	if err := os.WriteFile(s.path("kamailio.cfg"), []byte(s.options.config()), 0o644); err != nil {
		return err
	}
	if err := s.run(); err != nil {
		return err
	}
	if err := s.await(ctx); err != nil {
		return errors.Join(err, s.Kill())
	}
	return nil
}

// Answer is the status that the server answers OPTIONS with after the next
// Restart.
func (s *Server) Answer(status int) { s.options.Status = status }

// PID is the first of the server's processes, 0 while none runs.
func (s *Server) PID() int {
	if s.cmd == nil {
		return 0
	}
	return s.cmd.Process.Pid
}

func (s *Server) path(name string) string { return filepath.Join(s.dir, name) }

func (s *Server) run() error {
	owner, err := s.owner()
	if err != nil {
		return err
	}
	log, err := os.Create(s.path("log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(Program, "-DD", "-f", s.path("kamailio.cfg"), "-Y", s.path("run"), "-w", "/", "-m", "16", "-M", "4")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting Kamailio: %w (apt-get install kamailio)", err)
	}
	s.cmd = cmd
	return s.watch()
}

// watch starts a shell that kills the server when this program is gone.
func (s *Server) watch() (err error) {
	s.guard = exec.Command("/bin/sh", "-c", `read -r _; kill -KILL -"$0"`, strconv.Itoa(s.PID()))
	s.guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.life, err = s.guard.StdinPipe(); err != nil {
		return err
	}
	return s.guard.Start()
}

func (s *Server) await(ctx context.Context) error {
	for limit := time.Now().Add(startLimit); time.Now().Before(limit) && ctx.Err() == nil; time.Sleep(lookAgain) {
		c, err := net.Dial("tcp", s.options.Address.String())
		if err == nil {
			return c.Close()
		}
	}
	log, _ := os.ReadFile(s.path("log"))
	return fmt.Errorf("the SIP server does not listen at %s: %s", s.options.Address, log)
}
