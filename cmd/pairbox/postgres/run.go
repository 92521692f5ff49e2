package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

const (
	startLimit = time.Minute
	killLimit  = 10 * time.Second
	pause      = 20 * time.Millisecond
)

// Restart starts the server over the data that are there, stopped if it runs.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.Stop(); err != nil {
		return err
	}
	log, err := os.Create(s.path(logFile))
	if err != nil {
		return err
	}
	defer log.Close()
	// The shell ends the server by a fast shutdown when its standard input
	// closes, which happens at the latest when this program is gone.
	const guard = `"$@" & read -r _; kill -INT $!; wait $!`
	args := append([]string{"-c", guard, "guard", filepath.Join(s.programs, "postgres")}, s.arguments()...)
	cmd := exec.Command("/bin/sh", args...)
	s.dress(cmd)
	cmd.Stdout, cmd.Stderr = log, log
	life, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.guard, s.life = cmd, life
	return s.await(ctx)
}

// await waits until the server answers, which it does not do while it recovers.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		conn, err := s.Connect(ctx, "postgres")
		if err == nil {
			s.pid, err = s.readPID()
			return errors.Join(err, conn.Close(ctx))
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(s.path(logFile))
			return fmt.Errorf("waiting for the database: %w: %s", err, log)
		case <-time.After(pause):
		}
	}
}

// readPID is the first line of the server's lock file.
func (s *Server) readPID() (int, error) {
	text, err := os.ReadFile(s.path(dataDir + "/postmaster.pid"))
	if err != nil {
		return 0, err
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return strconv.Atoi(string(line))
}

// Stop ends the server by a fast shutdown: open transactions are rolled back.
// One that does not run is no error.
func (s *Server) Stop() error {
	if s.guard == nil {
		return nil
	}
	s.life.Close()
	err := s.guard.Wait()
	s.guard, s.pid = nil, 0
	if err != nil {
		log, _ := os.ReadFile(s.path(logFile))
		return fmt.Errorf("stopping the database: %w: %s", err, log)
	}
	return nil
}

// Kill ends all processes of the server at once, as a power cut does. Whoever
// is connected finds the connection broken, and Restart finds a cluster to
// recover.
func (s *Server) Kill() error {
	if s.guard == nil {
		return nil
	}
	// A stopped postmaster makes no new processes while its own are listed.
	err := syscall.Kill(s.pid, syscall.SIGSTOP)
	processes := append(process.Children(s.pid), s.pid)
	for _, pid := range processes {
		if killed := syscall.Kill(pid, syscall.SIGKILL); !errors.Is(killed, syscall.ESRCH) {
			err = errors.Join(err, killed)
		}
	}
	s.life.Close()
	_ = s.guard.Wait() // it tells that the server was killed
	s.guard, s.pid = nil, 0
	for end := time.Now().Add(killLimit); err == nil && process.Live(processes); time.Sleep(pause) {
		if time.Now().After(end) {
			return errors.New("killing the database: its processes live on")
		}
	}
	return err
}
