package resources

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// sandbox copies a skeleton root and opens it as a node.
func sandbox(t *testing.T, skeleton string) (*host.Host, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("../testdata/sandbox", skeleton))); err != nil {
		t.Fatal(err)
	}
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h, dir
}

// config is a checked configuration; the blocks are added to the node's own. The
// stock scripts replicate, unless a block says otherwise.
func config(t *testing.T, role, peer string, blocks ...string) *schema.Config {
	t.Helper()
	text := fmt.Sprintf("node {\n  role = %q\n}\npeer {\n  address = %q\n}\nsip_expiry {\n  max = \"4m\"\n}\n", role, peer)
	if !slices.ContainsFunc(blocks, func(b string) bool { return strings.HasPrefix(b, "platform") }) {
		text = "platform = \"wazo\"\n" + text
	}
	sources := []schema.Source{{Name: "ha.hcl", Text: []byte(text + strings.Join(blocks, "\n"))}}
	if !strings.Contains(string(sources[0].Text), `platform = "asterisk"`) {
		sources = slices.Insert(sources, 0, schema.Source{Name: "stock.hcl", Text: []byte("replication {\n  runner = \"stock\"\n}\n")})
	}
	cfg, diags := schema.Load(sources, schema.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return cfg
}

// env is the node as the program would see it.
func env(t *testing.T, h *host.Host, cfg *schema.Config, l *reconcile.Ledger) Env {
	t.Helper()
	e := Env{Host: h, Memory: l}
	if l.Found != nil {
		e.Found.Role = schema.Role(l.Found.Role)
		e.Found.Peer, _ = netip.ParseAddr(l.Found.Peer)
		return e
	}
	found, err := Recorded(h, cfg.Platform)
	if err != nil {
		t.Fatal(err)
	}
	e.Found = found
	return e
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// planError is what keeps a plan from being whole.
func planError(t *testing.T, e *reconcile.Engine) error {
	t.Helper()
	p, err := e.Plan(t.Context())
	return errors.Join(err, p.Err())
}
