package schema

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// bans say why schema must not import what it must not.
func bans() map[string]string {
	return map[string]string{
		"net":          "ha.hcl is checked on machines without a network; this node's addresses come in through Options",
		"net/http":     "ha.hcl is checked on machines without a network; this node's addresses come in through Options",
		"os/exec":      "checking a file runs nothing",
		"database/sql": "checking a file connects to nothing",
		"log":          "schema returns diagnostics, it prints nothing",
	}
}

func TestImports(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if why := whyNot(path); why != "" {
				t.Errorf("%s imports %s: %s", file, path, why)
			}
		}
	}
}

func whyNot(path string) string {
	if why, banned := bans()[path]; banned {
		return why
	}
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return ""
	}
	for _, allowed := range []string{"github.com/hashicorp/hcl/v2", "github.com/zclconf/go-cty", "github.com/robfig/cron/v3"} {
		if path == allowed || strings.HasPrefix(path, allowed+"/") {
			return ""
		}
	}
	return "schema knows HCL and nothing else: the engine, the resources and their libraries come after it"
}

func TestBansAreFound(t *testing.T) {
	for _, path := range []string{"net", "os/exec", "github.com/hotpair/hotpair/reconcile", "github.com/hotpair/hotpair/resources", "github.com/jackc/pgx/v5"} {
		if whyNot(path) == "" {
			t.Errorf("%s is allowed", path)
		}
	}
}
