package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// Options say where a cluster is, and how it runs.
type Options struct {
	// Dir is the node's root. When empty it is a temporary directory, which
	// Close removes.
	Dir string
	// Address is an IP address to listen on for TCP; when empty there is only
	// the socket.
	Address string
	// Port is 5432 when it is zero. It is part of the socket's name, so that
	// clusters of different directories may share it unless they share an
	// address too.
	Port int
	// Settings go before the configuration files and before our own.
	Settings map[string]string
}

// Server is a cluster. It is not for several goroutines at once, except for
// Connect, URL and Program.
type Server struct {
	options   Options
	temporary bool
	programs  string // the directory of PostgreSQL's programs
	owner     *syscall.Credential
	guard     *exec.Cmd
	life      io.Closer // the server ends when this is closed
	pid       int
}

const (
	socketDir   = "var/run/postgresql"
	dataDir     = "var/lib/postgresql/15/main"
	configDir   = "etc/postgresql/15/main"
	logFile     = "var/log/postgresql.log"
	defaultPort = 5432
)

// Start makes a cluster, unless the directory has one, and starts it. It waits
// until the server answers, for as long as the context lives, but no longer
// than a minute; the server goes on when the context ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	s := &Server{options: o}
	err := s.prepare(ctx)
	if err == nil {
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Connect connects over the socket as the superuser postgres.
func (s *Server) Connect(ctx context.Context, database string) (*pgx.Conn, error) {
	return pgx.Connect(ctx, s.URL(database))
}

// URL is a connection string over the socket, as the superuser postgres, that
// libpq and pgx understand.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres:///%s?host=%s&port=%d&user=postgres", database, s.SocketDir(), s.Port())
}

// SocketDir is the absolute directory of the socket.
func (s *Server) SocketDir() string { return s.path(socketDir) }

// Address is where the server listens for TCP, empty for nowhere.
func (s *Server) Address() string { return s.options.Address }

// Port is the server's port.
func (s *Server) Port() int { return s.options.Port }

// PID is the postmaster's process, 0 while none runs.
func (s *Server) PID() int { return s.pid }

// Program is one of PostgreSQL's programs, such as psql, of the server's version
// and run by its user. It connects to the server over the socket as postgres
// unless the arguments say otherwise.
func (s *Server) Program(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.programs, name), args...)
	s.dress(cmd)
	return cmd
}

// dress gives a command the server's user and environment.
func (s *Server) dress(cmd *exec.Cmd) {
	cmd.Dir = "/"
	cmd.Env = []string{
		"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "PGUSER=postgres",
		"PGHOST=" + s.SocketDir(), "PGPORT=" + strconv.Itoa(s.Port()),
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Setpgid: true}
}

func (s *Server) path(name string) string { return filepath.Join(s.options.Dir, name) }

// arguments are the postmaster's.
func (s *Server) arguments() []string {
	settings := map[string]string{
		"config_file": s.path(configDir + "/postgresql.conf"), "hba_file": s.path(configDir + "/pg_hba.conf"),
		"data_directory": s.path(dataDir), "ident_file": s.path(dataDir + "/pg_ident.conf"), "unix_socket_directories": s.SocketDir(),
		"listen_addresses": s.options.Address, "port": strconv.Itoa(s.Port()), "fsync": "off", "shared_buffers": "16MB",
	}
	maps.Copy(settings, s.options.Settings)
	var args []string
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// Close stops the server if it runs. It removes the directory only if it is
// one that Start made.
func (s *Server) Close() error {
	if s == nil {
		return nil
	}
	err := s.Stop()
	if s.temporary {
		err = errors.Join(err, os.RemoveAll(s.options.Dir))
	}
	return err
}
