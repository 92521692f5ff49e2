package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// buildDir holds the program; TestMain removes it.
var buildDir = filepath.Join(os.TempDir(), fmt.Sprintf("hotpair-test-%d", os.Getpid()))

// built is the program, built once for all tests that need a process of its
// own.
var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "hotpair")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is released
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return path, nil
})

func binary(tb testing.TB) string {
	tb.Helper()
	path, err := built()
	if err != nil {
		tb.Fatal(err, path)
	}
	return path
}

// needs skips a test where a program is not there. In CI nothing is skipped.
func needs(tb testing.TB, program string) {
	tb.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		tb.Fatalf("%s is not installed", program)
	}
	tb.Skipf("%s is not installed", program)
}
