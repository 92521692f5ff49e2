package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// story prints what is done to a pair, and stops at the first thing that does
// not go as told.
type story struct {
	ctx context.Context
	out io.Writer
	err error
	// heading is how a heading looks: bold on a terminal.
	heading string
	// pinned is the standby's host key in the master's ha.hcl, once it is there.
	pinned string
	// runner is the line that leaves the replication to the stock scripts, where
	// hotpair cannot.
	runner string
}

// say tells what comes next.
func (s *story) say(format string, args ...any) {
	if s.err == nil {
		fmt.Fprintf(s.out, "\n"+s.heading+"\n", fmt.Sprintf(format, args...))
	}
}

// tell says a sentence of its own.
func (s *story) tell(sentence string) {
	if s.err == nil {
		fmt.Fprintln(s.out, "\n"+sentence)
	}
}

// run runs hotpair on a node as an administrator would, shows what he would
// see, and insists on the exit code.
func (s *story) run(n node, code int, args ...string) string {
	return s.command(n, code, "", args...)
}

// feed is run with something on standard input.
func (s *story) feed(n node, input string, args ...string) string {
	return s.command(n, 0, input, args...)
}

func (s *story) command(n node, code int, input string, args ...string) string {
	shown := "hotpair " + strings.Join(args, " ")
	if input != "" {
		shown = "echo '" + input + "' | " + shown
	}
	cmd := exec.CommandContext(s.ctx, n.hotpair, append([]string{"--root", n.dir}, args...)...)
	cmd.Env = append(os.Environ(), "SSH_AUTH_SOCK=") // no key of the reader's is tried
	cmd.Stdin = strings.NewReader(input)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	return s.execute(n, code, shown, cmd)
}

// execute runs a command of a node, shows it and what it says, and insists on
// the exit code.
func (s *story) execute(n node, code int, shown string, cmd *exec.Cmd) string {
	if s.err != nil {
		return ""
	}
	fmt.Fprintf(s.out, "\n%s# %s\n", n.name, shown)
	var stdout strings.Builder
	cmd.Stdout = io.MultiWriter(&stdout, indented{s.out, n.dir})
	cmd.Stderr = indented{s.out, n.dir}
	err := cmd.Run()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		s.err = err
		return ""
	}
	got := cmd.ProcessState.ExitCode()
	if got != 0 {
		fmt.Fprintf(s.out, "    (exit %d)\n", got)
	}
	if got != code {
		s.err = fmt.Errorf("%s on the %s exits %d, not %d", shown, n.name, got, code)
	}
	return stdout.String()
}

// sql has psql execute a statement in a node's telephony database.
func (s *story) sql(n node, statement string) string {
	if s.err != nil {
		return ""
	}
	cmd := n.database.Program("psql", "--no-psqlrc", "-At", "-c", statement, "asterisk")
	return s.execute(n, 0, fmt.Sprintf("psql -At -c %q asterisk", statement), cmd)
}

// edit writes a file of a node as somebody would by hand.
func (s *story) edit(n node, name, text string) {
	if s.err != nil {
		return
	}
	fmt.Fprintf(s.out, "\n%s# cat > /%s\n%s", n.name, name, indent(strings.TrimSuffix(text, "\n")+"\n"))
	s.err = n.write(name, text)
}

// daemon is hotpair watch on a node.
type daemon struct {
	cmd *exec.Cmd
	mu  sync.Mutex
	log strings.Builder
	at  int // how much of the log has been shown
}

func (d *daemon) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(p)
}

// watch starts the daemon of a node.
func (s *story) watch(n node) *daemon {
	d := &daemon{}
	if s.err != nil {
		return d
	}
	fmt.Fprintf(s.out, "\n%s# hotpair watch &\n", n.name)
	d.cmd = exec.CommandContext(s.ctx, n.hotpair, "--root", n.dir, "watch", "--log-format", "text")
	d.cmd.Stderr = d
	s.err = d.cmd.Start()
	return d
}

// hears waits until the daemon has said all of this, and shows what it has said.
func (s *story) hears(d *daemon, texts ...string) {
	for end := time.Now().Add(patience); s.err == nil; time.Sleep(20 * time.Millisecond) {
		d.mu.Lock()
		log := d.log.String()
		d.mu.Unlock()
		news := log[d.at : strings.LastIndex(log, "\n")+1]
		unsaid := slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(news, text) })
		if !unsaid {
			d.at += len(news)
			fmt.Fprint(s.out, "\n"+indent(untimed(news)))
			return
		}
		if time.Now().After(end) {
			s.err = fmt.Errorf("the daemon does not say %q: %s", texts, log[d.at:])
		}
	}
}

const patience = 30 * time.Second

// untimed leaves the times out of a log.
func untimed(log string) string {
	var b strings.Builder
	for line := range strings.Lines(log) {
		_, rest, _ := strings.Cut(line, " ")
		b.WriteString(rest)
	}
	return b.String()
}

// end ends the daemon as systemd would.
func (s *story) end(d *daemon) {
	if d.cmd == nil || d.cmd.Process == nil {
		return
	}
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	if err := d.cmd.Wait(); err != nil && s.err == nil {
		s.err = fmt.Errorf("the daemon ends with %w", err)
	}
}

// show shows a file of a node.
func (s *story) show(n node, name, text string) {
	if s.err == nil {
		fmt.Fprintf(s.out, "\n%s# cat /%s\n%s", n.name, name, indent(text))
	}
}

// insist ends the story where it is not true.
func (s *story) insist(that bool, what string) {
	if s.err == nil && !that {
		s.err = errors.New(what)
	}
}

// indented shows a program's output, without the directory that stands for the
// node's root.
type indented struct {
	out io.Writer
	dir string
}

func (w indented) Write(p []byte) (int, error) {
	_, err := io.WriteString(w.out, indent(strings.ReplaceAll(string(p), w.dir, "")))
	return len(p), err
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}
