package resources

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Kinds may use the language and the engine, never the program: a command line
// is one of several ways to run them. Nothing but the register joins the
// subpackages with the language, so that each can be used and tested alone; package
// doctor stands above it.
func TestArrows(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(name, "github.com/hotpair/hotpair/cmd") {
				t.Errorf("%s imports %s", path, name)
			}
			if !slices.Contains([]string{".", "doctor"}, filepath.Dir(path)) && strings.HasPrefix(name, "github.com/hotpair/hotpair/schema") {
				t.Errorf("%s imports %s", path, name)
			}
			if strings.HasPrefix(name, "github.com/hashicorp/hcl") {
				t.Errorf("%s imports %s: only package schema knows HCL", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
