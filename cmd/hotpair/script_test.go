package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script are the contract of the command line.
func TestScripts(t *testing.T) {
	skeletons, err := filepath.Abs("../../testdata/sandbox")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"sandbox": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(filepath.Join(skeletons, args[0]))))
				if len(args) == 3 {
					ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[1]), "etc/hotpair/ha.hcl"), []byte(ts.ReadFile(args[2])), 0o644))
				}
			},
		},
	})
}

func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){
		"hotpair": func() {
			os.Exit(run(context.Background(), os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
		},
	})
}

// tidy runs the tests and removes the program that they built.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	defer os.RemoveAll(buildDir)
	return m.M.Run()
}
