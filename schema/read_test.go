package schema

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func write(t *testing.T, path, text string, mode os.FileMode) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadFilesAndDirectories(t *testing.T) {
	dir := t.TempDir()
	main := write(t, filepath.Join(dir, "ha.hcl"), "a", 0o640)
	drop := filepath.Join(dir, "ha.d")
	if err := os.MkdirAll(filepath.Join(drop, "sub.hcl"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(drop, "20.hcl"), "c", 0o644)
	write(t, filepath.Join(drop, "10.hcl"), "b", 0o600)
	write(t, filepath.Join(drop, "10.hcl~"), "x", 0o600)
	write(t, filepath.Join(drop, ".30.hcl"), "x", 0o600)
	if err := os.Symlink(main, filepath.Join(drop, "30.hcl")); err != nil {
		t.Fatal(err)
	}
	sources, diags := Read([]string{main, drop})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var texts strings.Builder
	for _, src := range sources {
		texts.Write(src.Text)
	}
	if texts.String() != "abca" || sources[0].Name != main || sources[1].Name != filepath.Join(drop, "10.hcl") {
		t.Errorf("%q %v", texts.String(), sources)
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo.hcl")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty")
	looping := filepath.Join(dir, "loop.hcl")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(looping, looping); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		write(t, filepath.Join(dir, "group.hcl"), "", 0o664):                               "Run `chmod go-w ",
		write(t, filepath.Join(dir, "world.hcl"), "", 0o602):                               "Its mode is 0602",
		write(t, filepath.Join(dir, "large.hcl"), strings.Repeat("#", mostBytes+1), 0o600): "at most 64 KiB",
		fifo:                             "Not a regular file",
		"/dev/null":                      "Not a regular file",
		empty:                            "No configuration found",
		looping:                          "too many levels of symbolic links",
		filepath.Join(dir, "none.hcl"):   "no such file or directory",
		filepath.Join(dir, "a\x1bb.hcl"): "no such file or directory",
	} {
		sources, diags := Read([]string{path})
		text := strings.ReplaceAll(render(diags, nil), "\n  ", " ")
		if !diags.HasErrors() || len(sources) != 0 || !strings.Contains(text, want) || strings.Contains(text, "\x1b") {
			t.Errorf("%q: %s", path, text)
		}
	}
}

func TestReadTakesTheLargestFile(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "ha.hcl"), strings.Repeat("#", mostBytes), 0o600)
	if _, diags := Read([]string{path}); diags.HasErrors() {
		t.Error(diags)
	}
}

func TestReadGoesOnAfterARefusal(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.hcl"), "", 0o666)
	write(t, filepath.Join(dir, "b.hcl"), "", 0o666)
	if _, diags := Read([]string{dir}); len(diags) != 2 {
		t.Error(diags)
	}
}

func TestNothingToLoad(t *testing.T) {
	if c, diags := Load(nil, Options{}); c != nil || !diags.HasErrors() {
		t.Error(c, diags)
	}
}
