package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile/laws"
)

// box is a sandboxed node and the program that works on it.
type box struct {
	t   testing.TB
	dir string
}

func newBox(t testing.TB, skeleton string) box {
	t.Helper()
	b := box{t: t, dir: t.TempDir()}
	b.must(os.CopyFS(b.dir, os.DirFS(filepath.Join("../../testdata/sandbox", skeleton))))
	return b
}

func (b box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// result is what a run of the program left.
type result struct {
	code     int
	out, err string
}

// hotpair runs the program on the node.
func (b box) hotpair(args ...string) result {
	b.t.Helper()
	var out, errs bytes.Buffer
	code := run(b.t.Context(), append([]string{"--root", b.dir}, args...), stdio{in: strings.NewReader(""), out: &out, err: &errs})
	return result{code, out.String(), errs.String()}
}

// expect runs the program and insists on an exit code.
func (b box) expect(code int, args ...string) result {
	b.t.Helper()
	r := b.hotpair(args...)
	if r.code != code {
		b.t.Fatalf("hotpair %s: exit %d, want %d\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	return r
}

// declare writes ha.hcl; the blocks are added to node and peer. The stock scripts
// replicate, unless a block names another runner.
func (b box) declare(role, peer string, blocks ...string) {
	b.t.Helper()
	b.put("etc/hotpair/ha.hcl", fmt.Sprintf("platform = \"wazo\"\n\nnode {\n  role = %q\n}\n\npeer {\n  address = %q\n}\n\n%s\n", role, peer, byStock(strings.Join(blocks, "\n"))))
}

// byStock has the stock scripts replicate.
func byStock(blocks string) string {
	const block, runner = "replication {\n", "  runner = \"stock\"\n"
	switch {
	case strings.Contains(blocks, "runner"):
		return blocks
	case strings.Contains(blocks, block):
		return strings.Replace(blocks, block, block+runner, 1)
	}
	return blocks + "\n" + block + runner + "}"
}

func (b box) put(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	b.must(os.MkdirAll(filepath.Dir(path), 0o755))
	b.must(os.WriteFile(path, []byte(text), 0o644))
}

// get is a file's content, "(absent)" when there is none.
func (b box) get(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return "(absent)"
	}
	b.must(err)
	return string(text)
}

func (b box) is(name, want string) {
	b.t.Helper()
	if got := b.get(name); got != want {
		b.t.Errorf("%s is\n%q, want\n%q", name, got, want)
	}
}

// tree shows the node; stamps tell a rewritten file from an untouched one.
func (b box) tree() string { return laws.Tree(b.dir, true) }

func (b box) contains(text string, parts ...string) {
	b.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			b.t.Errorf("%q is not in\n%s", part, text)
		}
	}
}
