package main

import (
	"io"
	"os/exec"
	"strings"
	"testing"
)

// terminal runs an apply on a terminal of its own, with script(1), and types
// once it is asked.
func (b box) terminal(input string) (string, int) {
	b.t.Helper()
	needs(b.t, "script")
	cmd := exec.Command("script", "-qec", binary(b.t)+" --root "+b.dir+" apply", "/dev/null")
	keyboard, err := cmd.StdinPipe()
	b.must(err)
	screen, err := cmd.StdoutPipe()
	b.must(err)
	b.must(cmd.Start())
	var seen strings.Builder
	for char := make([]byte, 1); !strings.HasSuffix(seen.String(), "as yes: "); {
		_, err := screen.Read(char)
		b.must(err)
		seen.Write(char)
	}
	_, err = io.WriteString(keyboard, input)
	b.must(err)
	_, err = io.Copy(&seen, screen)
	b.must(err)
	_ = cmd.Wait()
	return seen.String(), cmd.ProcessState.ExitCode()
}

func TestOnATerminalOnlyYesIsTakenAsYes(t *testing.T) {
	b := newBox(t, "wazo")
	b.declare("master", "10.0.0.2")
	before := b.tree()
	for _, answer := range []string{"no\n", "\n", "y\n", "YES\n", "\x04"} {
		out, code := b.terminal(answer)
		b.contains(out, "Carry this out?", "not approved", nothingChanged, "\x1b[32m+\x1b[0m schedule")
		if code != exitError || b.tree() != before {
			t.Errorf("%q: exit %d\n%s", answer, code, out)
		}
	}
	out, code := b.terminal("yes\n")
	b.contains(out, "Applied: 3 created")
	if code != exitOK {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestInterruptedWhileAskingChangesNothing(t *testing.T) {
	b := newBox(t, "wazo")
	b.declare("master", "10.0.0.2")
	before := b.tree()
	out, code := b.terminal("\x03")
	b.contains(out, "interrupted", nothingChanged)
	if code != exitInterrupted || b.tree() != before {
		t.Errorf("exit %d\n%s", code, out)
	}
}
