package schema

import (
	"testing"
)

func TestFormat(t *testing.T) {
	got, diags := Format(Source{"ha.hcl", []byte("node {\nrole=\"master\" # it is\n}\npeer{\n  address   = \"10.0.0.2\"\nssh { \n port=22\n}\n}\n")})
	want := "node {\n  role = \"master\" # it is\n}\npeer {\n  address = \"10.0.0.2\"\n  ssh {\n    port = 22\n  }\n}\n"
	if diags.HasErrors() || string(got) != want {
		t.Errorf("%v\n%s", diags, got)
	}
}

// What does not parse is not touched; what parses and means nothing is.
func TestFormatRefuses(t *testing.T) {
	for _, text := range []string{"node {\n", "a = \n", "a = [[[\n", "role=\"x\" b=\"y\"\n"} {
		if got, diags := Format(source(text)[0]); !diags.HasErrors() || got != nil {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got, diags := Format(source("unknown=1\n")[0]); diags.HasErrors() || string(got) != "unknown = 1\n" {
		t.Errorf("%q %v", got, diags)
	}
}
