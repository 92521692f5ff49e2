package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// rival is a tool that a user would otherwise plan with.
type rival struct {
	name string
	argv []string
	dir  string
	ok   map[int]bool // exit codes of a run that worked
}

// cost is what one run took.
type cost struct {
	wall time.Duration
	peak int // KiB
}

// measure runs a command under GNU time: the peak that a parent reads of a
// child of its own would hold the parent's.
func (r rival) measure(b *testing.B) cost {
	b.Helper()
	report := filepath.Join(b.TempDir(), "time")
	cmd := exec.Command("/usr/bin/time", append([]string{"-q", "-f", "%M", "-o", report}, r.argv...)...)
	cmd.Dir = r.dir
	began := time.Now()
	out, _ := cmd.CombinedOutput()
	wall := time.Since(began)
	if !r.ok[cmd.ProcessState.ExitCode()] {
		b.Fatalf("%s exits %d:\n%s", r.name, cmd.ProcessState.ExitCode(), out)
	}
	text, err := os.ReadFile(report)
	if err != nil {
		b.Fatal(err)
	}
	peak, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		b.Fatal(err)
	}
	return cost{wall, peak}
}

// BenchmarkPlan compares a plan with what else there is, each in turn, so that
// a busy machine slows all of them alike.
func BenchmarkPlan(b *testing.B) {
	for _, state := range []string{"differs", "settled"} {
		b.Run(state, func(b *testing.B) {
			node := benchNode(b, state == "settled")
			ours := rival{name: "hotpair", argv: []string{binary(b), "--root", node, "plan"}, ok: map[int]bool{0: true}}
			rivals := []rival{ansible(b, node)}
			if _, err := exec.LookPath("terraform"); err == nil {
				rivals = append(rivals, terraform(b))
			}
			compare(b, ours, rivals)
		})
	}
}

func compare(b *testing.B, ours rival, rivals []rival) {
	var mine cost
	theirs := make([]cost, len(rivals))
	for b.Loop() {
		c := ours.measure(b)
		mine = cost{mine.wall + c.wall, max(mine.peak, c.peak)}
		for i, r := range rivals {
			c := r.measure(b)
			theirs[i] = cost{theirs[i].wall + c.wall, max(theirs[i].peak, c.peak)}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(mine.wall.Seconds()*1000/float64(b.N), "ms/plan")
	b.ReportMetric(float64(mine.peak)/1024, "peak-MiB")
	for i, r := range rivals {
		b.ReportMetric(theirs[i].wall.Seconds()*1000/float64(b.N), "ms/"+r.name)
		b.ReportMetric(float64(theirs[i].peak)/1024, "peak-MiB-"+r.name)
		b.ReportMetric(mine.wall.Seconds()/theirs[i].wall.Seconds(), "of-"+r.name)
	}
}

// benchNode is a slave to be, or one that is as its file says.
func benchNode(b *testing.B, settled bool) string {
	b.Helper()
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../testdata/sandbox/wazo")); err != nil {
		b.Fatal(err)
	}
	text := "platform = \"wazo\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"10.0.0.1\"\n}\nsip_expiry {\n  max = \"4m\"\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "etc/hotpair/ha.hcl"), []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	if settled {
		if out, err := exec.Command(binary(b), "--root", dir, "apply", "--auto-approve", "--allow", "restart").CombinedOutput(); err != nil {
			b.Fatal(err, string(out))
		}
	}
	return dir
}

func ansible(b *testing.B, node string) rival {
	b.Helper()
	playbook, err := filepath.Abs("../../testdata/bench/playbook.yml")
	if err != nil {
		b.Fatal(err)
	}
	return rival{
		name: "ansible", dir: b.TempDir(), ok: map[int]bool{0: true},
		argv: []string{"ansible-playbook", "--check", "--diff", "-i", "localhost,", "-e", "root=" + node, playbook},
	}
}

func terraform(b *testing.B) rival {
	b.Helper()
	dir := b.TempDir()
	text, err := os.ReadFile("../../testdata/bench/main.tf")
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), text, 0o644); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("terraform", "-chdir="+dir, "init", "-input=false").CombinedOutput(); err != nil {
		b.Fatal(fmt.Errorf("terraform init: %w\n%s", err, out))
	}
	return rival{name: "terraform", dir: dir, ok: map[int]bool{0: true}, argv: []string{"terraform", "plan", "-input=false", "-lock=false"}}
}
