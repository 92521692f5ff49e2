// Package host is the node that hotpair works on: its files and its commands,
// all below one root. It knows nothing of what they mean.
package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// commandLimit is how long a command of the node may take. Restarting the
// telephony services takes about 45 s.
const commandLimit = 3 * time.Minute

// Host is a node: "/" or a sandbox.
type Host struct{ *disk.Root }

// Open opens the node whose file system is dir.
func Open(dir string) (*Host, error) {
	root, err := disk.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Host{Root: root}, nil
}

// HasCommand tells why a command of the node could not be run.
func (h *Host) HasCommand(name string) error {
	_, err := exec.LookPath(h.Host(name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is needed and not on this node", name)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be run: %w", name, errors.Unwrap(err))
	}
	return nil
}

// Run runs a command of the node, without a shell, for at most 3 minutes. Its
// error holds the last line that the command wrote.
func (h *Host) Run(ctx context.Context, name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.Host(name), args...)
	cmd.Dir = h.Host("/")
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	cmd.WaitDelay = time.Second
	out := &tail{}
	cmd.Stdout, cmd.Stderr = out, out
	err := cmd.Run()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("it did not end within %s", commandLimit)
	}
	if err != nil {
		return fmt.Errorf("running %s %s: %w%s", name, strings.Join(args, " "), err, out.said())
	}
	return nil
}

// tail keeps the end of what a command wrote.
type tail struct{ text []byte }

const tailSize = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > tailSize {
		t.text = t.text[len(t.text)-tailSize:]
	}
	return len(p), nil
}

// said is the last line, without control characters that could forge a log.
func (t *tail) said() string {
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	last := strings.Map(printable, lines[len(lines)-1])
	if last == "" {
		return ""
	}
	return ": " + last
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return -1
}
