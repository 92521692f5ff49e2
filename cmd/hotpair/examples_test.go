package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryExampleIsPlannedAppliedAndSettles(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.hcl")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			skeleton, _, _ := strings.Cut(strings.TrimSuffix(name, ".hcl"), "-")
			if skeleton == "disabled" {
				skeleton = "wazo"
			}
			b := newBox(t, skeleton)
			text, err := os.ReadFile(file)
			b.must(err)
			b.put("etc/hotpair/ha.hcl", string(text))
			b.expect(exitOK, "fmt", "--check")
			if r := b.expect(exitOK, "plan"); r.err != "" {
				t.Errorf("an example gives warnings:\n%s", r.err)
			}
			b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
			b.contains(b.expect(exitOK, "plan", "--detailed-exitcode").out, "No changes.")
		})
	}
}
