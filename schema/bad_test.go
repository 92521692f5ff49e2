package schema

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected diagnostics in testdata/bad anew")

func badFiles(t testing.TB) []string {
	files, err := filepath.Glob("../testdata/bad/*.hcl")
	if err != nil || len(files) < 110 {
		t.Fatalf("%d bad files, %v", len(files), err)
	}
	return files
}

func TestBadInput(t *testing.T) {
	for _, file := range badFiles(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".hcl")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, Source{Name: name + ".hcl", Text: text}, strings.TrimSuffix(file, ".hcl")+".txt")
		})
	}
}

// Every expectation belongs to a file.
func TestNoExpectationIsLeftOver(t *testing.T) {
	texts, err := filepath.Glob("../testdata/bad/*.txt")
	if files := badFiles(t); err != nil || len(texts) != len(files) {
		t.Errorf("%d expectations for %d files, %v", len(texts), len(files), err)
	}
}

func compare(t *testing.T, src Source, golden string) {
	got := refusal(t, src)
	if !strings.Contains(got, "Error: ") || strings.Contains(got, "s3cr3t") {
		t.Errorf("no error in this, or a secret:\n%s", got)
	}
	if !strings.Contains(got, src.Name) && !strings.Contains(got, "/etc/hotpair/") {
		t.Errorf("no file is named:\n%s", got)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
