package schema

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnlyFilesThatNobodyElseCouldHaveWrittenAreRead(t *testing.T) {
	for name, spoil := range map[string]func(dir, file string) error{
		"group may write":             func(_, file string) error { return os.Chmod(file, 0o664) },
		"everybody may write":         func(_, file string) error { return os.Chmod(file, 0o646) },
		"the directory is everyone's": func(dir, _ string) error { return os.Chmod(dir, 0o777) },
		"somebody else's":             func(_, file string) error { return os.Chown(file, 12345, 0) },
	} {
		if name == "somebody else's" && os.Geteuid() != 0 {
			continue // only root gives files away
		}
		dir := filepath.Join(t.TempDir(), "hotpair")
		file := filepath.Join(dir, "ha.hcl")
		for _, err := range []error{os.Mkdir(dir, 0o755), os.WriteFile(file, []byte("node {}"), 0o644)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, diags := Read([]string{file}); diags.HasErrors() {
			t.Fatalf("%s: refused before: %v", name, diags)
		}
		if err := spoil(dir, file); err != nil {
			t.Fatal(err)
		}
		if _, diags := Read([]string{file}); !diags.HasErrors() {
			t.Errorf("%s: it was read", name)
		}
	}
}
