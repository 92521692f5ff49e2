package schema

import (
	"io/fs"
	"net/netip"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

const minimal = `
node {
  role = "master"
}
peer {
  address = "10.0.0.2"
}
`

// world is what schema sees of one: fixed, so that nothing depends on where the
// tests run.
func world() Options {
	files := map[string]string{
		"/secret":                      "s3cr3t-from-file\n",
		"/address":                     "10.0.0.2\n",
		"/control":                     "s3cr3t\x1b[31m\n",
		"/binary":                      "s3cr3t\xff\xfe\n",
		"/etc/hotpair/with-node.hcl":   "title = \"Mine\"\nnode {\n  role = \"master\"\n}\n",
		"/etc/hotpair/broken.hcl":      "provisioning {\n  token = \"s3cr3t\n}\n",
		"/etc/hotpair/empty.hcl":       "",
		"/etc/hotpair/bare.hcl":        bare,
		"/etc/hotpair/with-secret.hcl": bare + "provisioning {\n  token = \"s3cr3t\"\n  url = \"http://127.0.0.1\"\n}\n",
	}
	env := map[string]string{"HOTPAIR_PEER": "10.0.0.2", "HOTPAIR_HOSTILE": "10.0.0.2\n* * * * * root reboot"}
	return Options{
		Own: []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("2001:db8::1")},
		ReadFile: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		},
		Getenv: func(name string) string { return env[name] },
	}
}

const bare = `
state {
  ha_conf   = "/srv/ha.conf"
  primary   = "/srv/is-primary"
  secondary = "/srv/is-secondary"
}
sip_expiry {
  min     = "1m"
  max     = "4m"
  default = "2m"
}
database {
  enabled = false
}
replication {
  runner = "none"
}
`

func source(text string) []Source { return []Source{{Name: "ha.hcl", Text: []byte(text)}} }

func render(diags hcl.Diagnostics, sources []Source) string {
	var texts []string
	for _, r := range Render(diags, sources) {
		texts = append(texts, r.String())
	}
	return strings.Join(texts, "\n")
}

func load(t *testing.T, sources ...Source) *Config {
	t.Helper()
	c, diags := Load(sources, world())
	if diags.HasErrors() {
		t.Fatal(render(diags, sources))
	}
	return c
}

// refusal loads what must be refused and gives what is said about it.
func refusal(t *testing.T, sources ...Source) string {
	t.Helper()
	c, diags := Load(sources, world())
	if !diags.HasErrors() || c != nil {
		t.Fatalf("accepted:\n%s", sources[len(sources)-1].Text)
	}
	return render(diags, sources)
}

// warnings loads what must be accepted and gives what is said about it.
func warnings(t *testing.T, text string) string {
	t.Helper()
	_, diags := Load(source(text), world())
	if diags.HasErrors() {
		t.Fatal(render(diags, source(text)))
	}
	return render(diags, source(text))
}
