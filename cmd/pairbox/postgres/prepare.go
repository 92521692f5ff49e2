package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// prepare makes the directories and, where there is none, a cluster.
func (s *Server) prepare(ctx context.Context) error {
	if err := s.place(); err != nil {
		return err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return errors.New("PostgreSQL is needed: apt-get install postgresql")
	}
	s.programs = filepath.Dir(found[len(found)-1])
	for _, name := range []string{socketDir, dataDir, configDir, filepath.Dir(logFile)} {
		if err := os.MkdirAll(s.path(name), 0o755); err != nil {
			return err
		}
	}
	if err := s.becomeOwner(); err != nil {
		return err
	}
	if _, err := os.Stat(s.path(dataDir + "/PG_VERSION")); err == nil {
		return nil
	}
	return s.initialize(ctx)
}

// place settles the directory and the port.
func (s *Server) place() (err error) {
	if s.options.Port == 0 {
		s.options.Port = defaultPort
	}
	if s.options.Dir != "" {
		s.options.Dir, err = filepath.Abs(s.options.Dir)
		return err
	}
	if s.options.Dir, err = os.MkdirTemp("", "pg"); err != nil {
		return err
	}
	s.temporary = true
	return os.Chmod(s.options.Dir, 0o755) // the server's user enters it
}

// becomeOwner gives the server's user the directories that are its own.
func (s *Server) becomeOwner() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	s.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	err = errors.Join(errUID, errGID)
	for _, name := range []string{socketDir, "var/lib/postgresql", configDir} {
		err = errors.Join(err, filepath.WalkDir(s.path(name), func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(path, int(uid), int(gid)))
		}))
	}
	return err
}

// initialize makes a cluster. Configuration files that the node has already stay
// as they are; otherwise initdb's own move there, and trust the loopback network.
func (s *Server) initialize(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, filepath.Join(s.programs, "initdb"), "--no-sync", "--auth=trust", "--username=postgres",
		"--encoding=UTF8", "--locale=C.UTF-8", "--pgdata="+s.path(dataDir))
	s.dress(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("making a database cluster: %w: %s", err, out)
	}
	for _, name := range []string{"postgresql.conf", "pg_hba.conf"} {
		target := s.path(filepath.Join(configDir, name))
		if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		made := s.path(filepath.Join(dataDir, name))
		text, err := os.ReadFile(made)
		if name == "pg_hba.conf" {
			text = slices.Concat(text, []byte("host all all 127.0.0.0/8 trust\n"))
		}
		if err = errors.Join(err, os.WriteFile(made, text, 0o600), os.Rename(made, target)); err != nil {
			return err
		}
	}
	return nil
}
