package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// command puts a script where a command of a node would be.
func command(t *testing.T, script string) (*Host, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "command"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h, dir
}

func TestACommandGetsItsArgumentsAndNoShell(t *testing.T) {
	h, dir := command(t, `printf '%s|' "$@" >args; env >env`)
	if err := h.Run(t.Context(), "/command", "a b", "$(id)", "; true", ""); err != nil {
		t.Fatal(err)
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil || string(args) != "a b|$(id)|; true||" {
		t.Errorf("it got %q, %v", args, err)
	}
	env, err := os.ReadFile(filepath.Join(dir, "env"))
	if err != nil || !strings.Contains(string(env), "SYSTEMD_OFFLINE=1") || strings.Contains(string(env), "HOME=") {
		t.Errorf("its environment is %q, %v", env, err)
	}
}

func TestTheErrorIsTheLastLineWithoutControlCharacters(t *testing.T) {
	h, _ := command(t, `echo first; printf 'bad \033[2Jnews\n' >&2; exit 3`)
	err := h.Run(t.Context(), "/command", "now")
	if err == nil || err.Error() != "running /command now: exit status 3: bad \uFFFD[2Jnews" {
		t.Errorf("got %v", err)
	}
}

func TestAFloodOfOutputIsCut(t *testing.T) {
	h, _ := command(t, `yes flood | head -c 10000000; exit 1`)
	if err := h.Run(t.Context(), "/command"); err == nil || len(err.Error()) > 2*tailSize {
		t.Errorf("got an error of %d bytes", len(err.Error()))
	}
}

func TestWhatACommandLeavesInTheBackgroundIsNoFailure(t *testing.T) {
	h, dir := command(t, `sleep 30 & echo $! >child; exit 0`)
	began := time.Now()
	if err := h.Run(t.Context(), "/command"); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	pid, err := os.ReadFile(filepath.Join(dir, "child"))
	if err != nil {
		t.Fatal(err)
	}
	kill := "kill " + strings.TrimSpace(string(pid))
	h, _ = command(t, kill)
	if err := h.Run(t.Context(), "/command"); err != nil {
		t.Error(err)
	}
}

func TestACommandIsInAGroupOfItsOwn(t *testing.T) {
	h, _ := command(t, `[ "$(cut -d' ' -f5 /proc/$$/stat)" = $$ ] || exit 1`)
	if err := h.Run(t.Context(), "/command"); err != nil {
		t.Error(err)
	}
}

func TestACommandThatCannotBeRunIsNamed(t *testing.T) {
	h, dir := command(t, "")
	if err := h.HasCommand("/command"); err != nil {
		t.Error(err)
	}
	if err := h.HasCommand("/nowhere"); err == nil || err.Error() != "/nowhere is needed and not on this node" {
		t.Errorf("got %v", err)
	}
	if err := os.Chmod(filepath.Join(dir, "command"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := h.HasCommand("/command"); err == nil || !strings.HasPrefix(err.Error(), "/command cannot be run: ") {
		t.Errorf("got %v", err)
	}
}
