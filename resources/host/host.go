// Package host is the node that hotpair works on: its files and its commands,
// all below one root. It knows nothing of what they mean.
package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/hotpair/hotpair/reconcile/disk"
)

// commandLimit is how long a command of the node may take. Restarting the
// telephony services takes about 45 s.
const commandLimit = 3 * time.Minute

// Host is a node: "/" or a directory that stands for it.
type Host struct {
	*disk.Root
	// Sandboxed: systemd has walled this process in (systemd.exec(5), SANDBOXING),
	// which the node's own commands must not be: they are run outside.
	Sandboxed bool
}

// Open opens the node whose file system is dir.
func Open(dir string) (*Host, error) {
	root, err := disk.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Host{Root: root}, nil
}

// IsMachine tells whether the node is this machine, not a directory on it.
func (h *Host) IsMachine() bool { return h.Host("/") == "/" }

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
	said := &tail{}
	return h.run(ctx, streams{out: said, said: said}, append([]string{name}, args...))
}

// Feed runs a command as Run does, with a text on its standard input.
func (h *Host) Feed(ctx context.Context, text, name string, args ...string) error {
	said := &tail{}
	return h.run(ctx, streams{strings.NewReader(text), said, said}, append([]string{name}, args...))
}

// streams are what a command reads and writes.
type streams struct {
	in   io.Reader // nil: nothing
	out  io.Writer
	said *tail
}

// Output runs a command as Run does and gives what it wrote on standard output,
// also with an error. More than 1 MiB of it is an error.
func (h *Host) Output(ctx context.Context, name string, args ...string) (string, error) {
	out, said := &head{}, &tail{}
	err := h.run(ctx, streams{out: out, said: said}, append([]string{name}, args...))
	return string(out.text), err
}

func (h *Host) run(ctx context.Context, s streams, command []string) error {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	args, own := command, (*unit)(nil)
	if h.goesOutside(ctx, command[0]) {
		own, args = h.outside(ctx, command)
	}
	cmd := exec.CommandContext(ctx, h.Host(args[0]), args[1:]...)
	cmd.Dir = h.Host("/")
	cmd.Env = h.environment()
	// A group of its own: Ctrl-C on the terminal is for hotpair, which lets the
	// command end.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		if own != nil {
			own.end(ctx)
		}
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	cmd.WaitDelay = time.Second
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.in, s.out, s.said
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it succeeded; something that it left in the background keeps its output open
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("it did not end within %s", commandLimit)
	}
	if err != nil {
		return fmt.Errorf("running %s: %w%s", strings.Join(command, " "), err, s.said.said())
	}
	return nil
}

// environment is that of a command. In a sandbox or an image systemctl must not
// reach the systemd of the machine around it; offline it does nothing there.
func (h *Host) environment() []string {
	env := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	if !h.IsMachine() {
		env = append(env, "SYSTEMD_OFFLINE=1")
	}
	return env
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

// head keeps what a command wrote, up to a limit.
type head struct{ text []byte }

const headSize = 1 << 20

func (h *head) Write(p []byte) (int, error) {
	if len(h.text)+len(p) > headSize {
		return 0, fmt.Errorf("it wrote more than %d bytes", headSize)
	}
	h.text = append(h.text, p...)
	return len(p), nil
}

// said is the last line, without control characters that could forge a log.
func (t *tail) said() string {
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	last := Printable(lines[len(lines)-1])
	if last == "" {
		return ""
	}
	return ": " + last
}

// OneLine is a text of several lines in one that can be printed.
func OneLine(s string) string {
	return Printable(strings.NewReplacer("\r\n", "; ", "\n", "; ", "\t", " ").Replace(strings.TrimSpace(s)))
}

// Printable takes out what could forge a line of a log or steer a terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

// Quoted is a word for a person to paste into a shell (POSIX, Shell Command
// Language, 2.2.2). What cannot be printed is taken out: such a word names
// something else, never more.
func Quoted(word string) string {
	word = Printable(word)
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._+:@%=-", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
