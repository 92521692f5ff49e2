// Package sshd runs a real sshd on a loopback address, for a pair in a box and
// for tests. Its own configuration permits everything that a stock sshd does,
// forwarding and sftp included, so that what is refused is refused by the line
// in authorized_keys. It ends with the program that started it, however that
// ends; as root it needs /run/sshd, which it makes.
package sshd

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
	"strings"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

// Options are what a server is made of.
type Options struct {
	Dir            string         // where its configuration and log go
	Address        netip.AddrPort // where it listens
	HostKey        string         // file of its private key; "": an ed25519 key is made in Dir
	AuthorizedKeys string         // file, by its absolute path
}

// Server is a running sshd.
type Server struct {
	options Options
	cmd     *exec.Cmd
	life    io.Closer
}

// RunDir is where sshd confines what is not logged in yet. It is this machine's,
// and Close leaves it: another server may use it.
const RunDir = "/run/sshd"

const (
	program    = "/usr/sbin/sshd"
	startLimit = 20 * time.Second
	lookAgain  = 10 * time.Millisecond
)

// Start starts a server and waits until it listens.
func Start(ctx context.Context, o Options) (*Server, error) {
	s := &Server{options: o}
	if os.Geteuid() == 0 {
		if err := os.MkdirAll(RunDir, 0o755); err != nil {
			return nil, err
		}
	}
	if err := s.makeHostKey(ctx); err != nil {
		return nil, err
	}
	config := filepath.Join(o.Dir, "sshd_config")
	if err := os.WriteFile(config, []byte(s.config()), 0o600); err != nil {
		return nil, err
	}
	if err := s.run(ctx, config); err != nil {
		return nil, err
	}
	if err := s.await(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Server) makeHostKey(ctx context.Context) error {
	if s.options.HostKey != "" {
		return nil
	}
	s.options.HostKey = filepath.Join(s.options.Dir, "ssh_host_ed25519_key")
	if _, err := os.Stat(s.options.HostKey); err == nil {
		return nil
	}
	out, err := exec.CommandContext(ctx, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pairbox", "-f", s.options.HostKey).CombinedOutput()
	if err != nil {
		return fmt.Errorf("making a host key: %w: %s", err, out)
	}
	return nil
}

// HostKey is the server's public key, as ha.hcl pins it.
func (s *Server) HostKey() (string, error) {
	text, err := os.ReadFile(s.options.HostKey + ".pub")
	fields := strings.Fields(string(text))
	if err == nil && len(fields) < 2 {
		err = errors.New("the host key's file holds no key")
	}
	if err != nil {
		return "", err
	}
	return fields[0] + " " + fields[1], nil
}

func (s *Server) config() string {
	return strings.Join([]string{
		"ListenAddress " + s.options.Address.String(), "HostKey " + s.options.HostKey, "AuthorizedKeysFile " + s.options.AuthorizedKeys,
		"StrictModes no", "UsePAM " + usePAM(), "PidFile none", "PermitRootLogin prohibit-password", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
		"AllowTcpForwarding yes", "AllowAgentForwarding yes", "AllowStreamLocalForwarding yes", "X11Forwarding yes", "PermitTunnel yes", "PermitTTY yes",
		"Subsystem sftp internal-sftp", "MaxStartups 100", "MaxSessions 100", "UseDNS no", "LogLevel VERBOSE",
		"SetEnv SHLVL=1", // bash reads the machine's own ~/.bashrc for sshd, but only in the outermost shell
		"",
	}, "\n")
}

// usePAM leaves PAM out, whose modules may fail in a container, unless root has no
// password: then only PAM lets root in with a key (sshd_config(5), UsePAM;
// shadow(5)).
func usePAM() string {
	text, err := os.ReadFile("/etc/shadow")
	if err == nil && strings.Contains("\n"+string(text), "\nroot:!") {
		return "yes"
	}
	return "no"
}

// run starts the server; a shell ends it when its standard input closes.
func (s *Server) run(ctx context.Context, config string) (err error) {
	const guard = `"$@" & read -r _; kill $!; wait $!`
	args := []string{"-c", guard, "guard", program, "-D", "-e", "-f", config}
	penalties := []string{"-o", "PerSourcePenalties=no"} // since OpenSSH 9.8: every client here has the same address
	if exec.CommandContext(ctx, program, append([]string{"-t", "-f", config}, penalties...)...).Run() == nil {
		args = append(args, penalties...)
	}
	log, err := os.Create(filepath.Join(s.options.Dir, "sshd.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.life, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	return s.cmd.Start()
}

func (s *Server) await(ctx context.Context) error {
	limit := time.Now().Add(startLimit)
	for time.Now().Before(limit) && ctx.Err() == nil {
		c, err := net.Dial("tcp", s.options.Address.String())
		if err == nil {
			return c.Close()
		}
		time.Sleep(lookAgain)
	}
	log, _ := os.ReadFile(filepath.Join(s.options.Dir, "sshd.log"))
	return fmt.Errorf("sshd does not listen at %s: %s", s.options.Address, log)
}

// Cut ends every session, as a cut link would; the server goes on.
func (s *Server) Cut() error {
	listener := process.Children(s.cmd.Process.Pid)
	var errs []error
	for _, pid := range listener {
		for _, session := range process.Children(pid) {
			if err := syscall.Kill(session, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// Close ends every session and the server.
func (s *Server) Close() error {
	err := s.Cut()
	s.life.Close()
	_ = s.cmd.Wait() // it was ended by a signal
	return err
}
