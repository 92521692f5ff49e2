// Package smtpd runs a real mail server, Debian's python3-aiosmtpd, for tests: by
// STARTTLS, by TLS from the first byte on, or in the clear, with a login or none.
// It keeps mails in memory and sends nothing on. It ends with the program that
// started it, whose pipe it reads.
package smtpd

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	_ "embed" // the server itself
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

// Python is Debian's, which finds the packages of Debian's.
const Python = "/usr/bin/python3"

//go:embed smtpd.py
var program string

// Options are what a server is made of.
type Options struct {
	Address          netip.AddrPort
	Certificate, Key string // files in PEM; "": nothing is encrypted
	Implicit         bool   // TLS from the first byte on
	User, Password   string // "": whoever connects may send
}

// Mail is one that the server took.
type Mail struct {
	From      string   `json:"from"`
	To        []string `json:"to"`
	Text      string   `json:"text"` // with its headers
	User      string   `json:"user"`
	Encrypted bool     `json:"encrypted"`
}

// Server is a server that runs.
type Server struct {
	cmd   *exec.Cmd
	life  io.Closer
	ended chan struct{}
	once  sync.Once
	end   error

	mu     sync.Mutex
	mails  []Mail
	heard  strings.Builder
	errors bytes.Buffer
}

// Available tells why there can be no server.
func Available() error {
	out, err := exec.Command(Python, "-c", "import aiosmtpd").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s has no aiosmtpd: apt-get install python3-aiosmtpd: %w: %s", Python, err, out)
	}
	return nil
}

// Start starts a server and waits until it listens. Close it.
func Start(ctx context.Context, o Options) (*Server, error) {
	text, err := json.Marshal(struct {
		Options
		Host string
		Port uint16
	}{o, o.Address.Addr().String(), o.Address.Port()})
	if err != nil {
		return nil, err
	}
	s := &Server{cmd: exec.Command(Python, "-c", program, string(text)), ended: make(chan struct{})}
	s.cmd.Stderr = &s.errors
	life, errIn := s.cmd.StdinPipe()
	out, errOut := s.cmd.StdoutPipe()
	if err := cmp.Or(errIn, errOut); err != nil {
		return nil, err
	}
	if s.life = life; s.cmd.Start() != nil {
		return nil, errors.New("the mail server does not start")
	}
	ready := make(chan struct{})
	go s.hear(out, ready)
	select {
	case <-ready:
		return s, nil
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), s.Close())
	case <-s.ended:
		_ = s.cmd.Wait() // what it wrote says more
		return nil, fmt.Errorf("the mail server ended: %s", s.errors.String())
	}
}

// hear takes in what the server says.
func (s *Server) hear(out io.Reader, ready chan<- struct{}) {
	defer close(s.ended)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var said struct {
			Ready bool
			Heard string
			Mail  *Mail
		}
		if json.Unmarshal(lines.Bytes(), &said) != nil {
			continue
		}
		s.mu.Lock()
		if said.Mail != nil {
			s.mails = append(s.mails, *said.Mail)
		}
		if said.Heard != "" {
			fmt.Fprintln(&s.heard, said.Heard)
		}
		s.mu.Unlock()
		if said.Ready {
			close(ready)
		}
	}
}

// Mails are those that it took.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Heard is what was said to it and by it, a line each.
func (s *Server) Heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

// Close ends it, once.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.end = s.life.Close()
		<-s.ended
		s.end = errors.Join(s.end, s.cmd.Wait())
	})
	return s.end
}
