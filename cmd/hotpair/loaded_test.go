package main

import (
	"errors"
	"io/fs"
	"net/netip"
	"testing"

	"github.com/hotpair/hotpair/schema"
)

// Whatever a configuration is made from has it made again, and nothing else.
func TestAConfigurationIsMadeAgainWhereWhatItIsMadeFromChanged(t *testing.T) {
	t.Parallel()
	text := "platform = \"asterisk\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = env(\"HOTPAIR_PEER\")\n}\nprovisioning {\n  enabled = false\n}\ndatabase {\n  url = file(\"/url\")\n}\n"
	sources := []schema.Source{{Name: "ha.hcl", Text: []byte(text)}}
	files, env := map[string]string{"/url": "postgresql:///asterisk"}, map[string]string{"HOTPAIR_PEER": "10.0.0.1"}
	o := schema.Options{
		Getenv: func(name string) string { return env[name] },
		ReadFile: func(path string) ([]byte, error) {
			if text, known := files[path]; known {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		},
	}
	var l loaded
	first, from, diags := l.load(sources, o)
	if first == nil || string(from.Files["/url"]) != files["/url"] || from.Env["HOTPAIR_PEER"] != "10.0.0.1" {
		t.Fatal(diags, from)
	}
	again := func(what string, other bool) {
		t.Helper()
		cfg, made, diags := l.load(sources, o)
		if cfg == nil || (cfg != first) != other || string(made.Sources[0].Text) != string(sources[0].Text) {
			t.Errorf("%s: another one: %t, %v", what, cfg != first, diags)
		}
		first = cfg
	}
	again("nothing changed", false)
	files["/other"], env["OTHER"] = "x", "x"
	again("what it does not read", false)
	files["/url"] = "postgresql:///other"
	again("a file", true)
	env["HOTPAIR_PEER"] = "10.0.0.2"
	again("the environment", true)
	o.Own = []netip.Addr{netip.MustParseAddr("10.0.0.9")}
	again("an address of the node", true)
	sources = []schema.Source{{Name: "ha.hcl", Text: []byte(text + "\n")}}
	again("the text", true)
	again("nothing any more", false)
}

// What is wrong is found wrong again, and what could not be read may be there
// next time.
func TestNoConfigurationIsKeptThatIsWrong(t *testing.T) {
	t.Parallel()
	sources := []schema.Source{{Name: "ha.hcl", Text: []byte("platform = \"/platform.hcl\"\nnode {\n  role = \"slave\"\n}\n")}}
	reads := 0
	o := schema.Options{ReadFile: func(string) ([]byte, error) { reads++; return nil, errors.New("not now") }}
	var l loaded
	for i := range 2 {
		if cfg, _, diags := l.load(sources, o); cfg != nil || !diags.HasErrors() || reads != i+1 {
			t.Errorf("made %v, %v, after %d reads", cfg, diags, reads)
		}
	}
}

// What a branch that was not chosen could not read may be there next time.
func TestNoConfigurationIsKeptForWhichAFileCouldNotBeRead(t *testing.T) {
	t.Parallel()
	text := "platform = \"asterisk\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"10.0.0.1\"\n}\nprovisioning {\n  enabled = false\n}\ndatabase {\n  url = false ? file(\"/absent\") : \"postgresql:///asterisk\"\n}\n"
	reads := 0
	o := schema.Options{ReadFile: func(string) ([]byte, error) { reads++; return nil, fs.ErrNotExist }}
	var l loaded
	for i := range 2 {
		if cfg, _, diags := l.load([]schema.Source{{Name: "ha.hcl", Text: []byte(text)}}, o); cfg == nil || reads != i+1 {
			t.Errorf("made %v, %v, after %d reads", cfg, diags, reads)
		}
	}
}
