package files

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// execute runs rsync in a group of its own and hands on each line that it
// prints. Nothing of hotpair's environment reaches it: RSYNC_* variables change
// what it does.
func (o Options) execute(ctx context.Context, args []string, line func(string)) error {
	if err := o.Host.HasCommand(rsync); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, o.Host.Host(rsync), args...)
	cmd.Dir = o.Host.Host("/")
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	said := &complaints{inside: o.Host.Inside}
	lines := &lineWriter{line: line}
	cmd.Stdout, cmd.Stderr = lines, &lineWriter{line: said.add}
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return said.failure(exit.ExitCode())
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil // it succeeded; something in the background keeps its output open
	}
	if err != nil {
		return fmt.Errorf("running %s: %w", rsync, err)
	}
	return nil
}

// lineWriter hands on whole lines of at most 64 KiB.
type lineWriter struct {
	line func(string)
	rest []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end, text, err := bufio.ScanLines(w.rest, false)
		if err != nil || end == 0 {
			break
		}
		w.line(string(text))
		w.rest = w.rest[end:]
	}
	if len(w.rest) > maxFrame {
		return 0, io.ErrShortBuffer
	}
	w.rest = append([]byte(nil), w.rest...)
	return len(p), nil
}

// shorten joins the first three of many.
func shorten(texts []string) string {
	const most = 3
	if len(texts) <= most {
		return strings.Join(texts, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(texts[:most], "; "), len(texts)-most)
}
