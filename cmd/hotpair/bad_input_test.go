package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Package schema checks the wording of every diagnostic; here it is that the
// program shows it, exits 1 and touches nothing.
func TestBadInputChangesNothing(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/bad/*.hcl")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d bad files, %v", len(files), err)
	}
	b := newBox(t, "wazo")
	b.declare("slave", "10.0.0.2")
	b.expect(exitOK, "apply", "--auto-approve", "--allow", "restart")
	b.put("secret", "s3cr3t-from-file\n")
	before := b.kept()
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "peer-own") {
			continue // a sandbox's addresses are not this machine's
		}
		text, err := os.ReadFile(file)
		b.must(err)
		b.must(os.WriteFile(filepath.Join(b.dir, "etc/hotpair/ha.hcl"), text, 0o644))
		for _, command := range [][]string{{"validate"}, {"plan"}, {"apply", "--auto-approve"}} {
			r := b.hotpair(command...)
			if r.code != exitError || !strings.Contains(r.err, "Error: ") || !strings.Contains(r.err, nothingChanged) {
				t.Errorf("%s: %v exits %d:\n%s%s", file, command, r.code, r.out, r.err)
			}
		}
	}
	if after := b.kept(); after != before {
		t.Errorf("from\n%s\nto\n%s", before, after)
	}
}

// kept shows everything but ha.hcl, hotpair's memory as well.
func (b box) kept() string {
	var lines []string
	for line := range strings.Lines(b.tree()) {
		if !strings.HasPrefix(line, "etc/hotpair/") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "") + b.get("var/lib/hotpair/ledger.json")
}

func TestHostileValuesReachNoFile(t *testing.T) {
	t.Parallel()
	hostile := []string{"10.0.0.2\n* * * * * root id", "10.0.0.2;id", "10.0.0.2%id", "10.0.0.2 -x", "-oProxyCommand=id", "../../etc/passwd", "$(id)", "`id`", "10.0.0.2/0", "0/0", "all", "10.0.0.2 trust #", "fe80::1%eth0", "::ffff:10.0.0.2"}
	for _, value := range hostile {
		b := newBox(t, "wazo")
		escaped := strings.NewReplacer("\n", `\n`, `"`, `\"`, "${", "$${").Replace(value)
		b.put("etc/hotpair/ha.hcl", "platform = \"wazo\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \""+escaped+"\"\n}\n")
		before := b.tree()
		if r := b.hotpair("apply", "--auto-approve"); r.code != exitError || b.tree() != before {
			t.Errorf("address %q: exit %d\n%s", value, r.code, b.tree())
		}
		b.declare("master", "10.0.0.2", "replication {\n  schedule = \""+escaped+"\"\n}")
		before = b.tree()
		if r := b.hotpair("apply", "--auto-approve"); r.code != exitError || b.tree() != before {
			t.Errorf("schedule %q: exit %d\n%s", value, r.code, b.tree())
		}
	}
}
