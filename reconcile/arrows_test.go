package reconcile_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The engine imports the standard library and itself alone, so that it can be
// read, tested and trusted without knowing HCL, telephony or a database.
func TestImportsStandardLibraryOnly(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			host, _, _ := strings.Cut(name, "/")
			if strings.Contains(host, ".") && !strings.HasPrefix(name, "github.com/hotpair/hotpair/reconcile") {
				t.Errorf("%s imports %s", path, name)
			}
			if name == "os/exec" || name == "net" || strings.HasPrefix(name, "net/") {
				t.Errorf("%s imports %s: commands and networks belong to resources", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
