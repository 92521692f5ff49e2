package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is a parsed Go file of the project that is no test.
type source struct {
	path string
	file *ast.File
	set  *token.FileSet
}

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		rel, relErr := filepath.Rel("../..", path)
		if err != nil || relErr != nil {
			return err
		}
		list = append(list, source{rel, file, set})
		return nil
	})
	if err != nil || len(list) < 30 {
		t.Fatalf("%d files, %v", len(list), err)
	}
	return list
}

func (s source) lines(n ast.Node) int {
	return s.set.Position(n.End()).Line - s.set.Position(n.Pos()).Line + 1
}

func (s source) at(n ast.Node) string { return s.path + ":" + s.set.Position(n.Pos()).String() }

// What a reader should not have to look for: code that runs at import, that
// ends the program, that prints, or that makes a context out of nothing. All of
// it is in the programs, and the context in their main.
func TestHouseRules(t *testing.T) {
	for _, s := range sources(t) {
		program := strings.HasPrefix(s.path, "cmd/")
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					t.Errorf("%s: init runs unseen", s.at(n))
				}
			case *ast.CallExpr:
				if ident, is := n.Fun.(*ast.Ident); is && ident.Name == "panic" {
					t.Errorf("%s: an error says more than a panic", s.at(n))
				}
			case *ast.SelectorExpr:
				switch name := selector(n); {
				case name == "context.TODO", name == "context.Background" && filepath.Base(s.path) != "main.go":
					t.Errorf("%s: a context comes from the caller", s.at(n))
				case !program && (strings.HasPrefix(name, "fmt.Print") || name == "os.Stdout" || name == "os.Stderr" || name == "os.Exit"):
					t.Errorf("%s: %s: only a program prints and ends", s.at(n), name)
				}
			}
			return true
		})
	}
}

func selector(n *ast.SelectorExpr) string {
	if ident, is := n.X.(*ast.Ident); is {
		return ident.Name + "." + n.Sel.Name
	}
	return ""
}

func TestFilesAndFunctionsAreSmall(t *testing.T) {
	var files, functions []int
	for _, s := range sources(t) {
		length := s.lines(s.file)
		files = append(files, length)
		if length > 500 {
			t.Errorf("%s has %d lines", s.path, length)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				functions = append(functions, s.lines(n))
				if parameters := n.Type.Params.NumFields(); parameters > 4 {
					t.Errorf("%s: %s has %d parameters", s.at(n), n.Name.Name, parameters)
				}
			case *ast.InterfaceType:
				if n.Methods.NumFields() > 3 {
					t.Errorf("%s: an interface of %d methods", s.at(n), n.Methods.NumFields())
				}
			}
			return true
		})
	}
	slices.Sort(files)
	slices.Sort(functions)
	median, ninth := functions[len(functions)/2], functions[len(functions)*9/10]
	t.Logf("%d files, median %d lines; %d functions, median %d, nine in ten under %d", len(files), files[len(files)/2], len(functions), median, ninth)
	if files[len(files)/2] > 120 || median > 12 || ninth > 40 {
		t.Error("the house has grown beyond its budget")
	}
}

// The programs stand at the end of every arrow: nothing imports them but a
// program its own parts. They use HCL only for the diagnostics that package
// schema hands them, and hotpair itself asks no database: package resources
// does.
func TestArrows(t *testing.T) {
	for _, s := range sources(t) {
		for _, spec := range s.file.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(name, "github.com/hotpair/hotpair/cmd") && !strings.HasPrefix("github.com/hotpair/hotpair/"+s.path, path.Dir(name)) {
				t.Errorf("%s imports %s", s.path, name)
			}
			if strings.HasPrefix(s.path, "cmd/") && strings.HasPrefix(name, "github.com/hashicorp/hcl/v2/") || strings.HasPrefix(s.path, "cmd/hotpair") && strings.Contains(name, "jackc/pgx") {
				t.Errorf("%s imports %s", s.path, name)
			}
		}
	}
}

// What stands at the top is all that a newcomer has to know of.
func TestTheTopLevelIsAsItIs(t *testing.T) {
	out, err := exec.Command("git", "-C", "../..", "ls-files").Output()
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("not a working tree of git: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"CHANGELOG.md", "LICENSE", "Makefile", "README.md", "cmd", "examples", "go.mod", "go.sum", "reconcile", "resources", "schema", "testdata"}
	for name := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(name), "/")
		if !slices.Contains(want, top) && !strings.HasPrefix(top, ".") {
			t.Errorf("%s does not belong at the top", top)
		}
	}
}
