package schema

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzLoad(f *testing.F) {
	for _, file := range badFiles(f) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 8<<10 {
			f.Add(text)
		}
	}
	for _, name := range Platforms() {
		text, _ := PlatformText(name)
		f.Add(text)
		f.Add([]byte("platform = \"" + name + "\"\n" + minimal))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		src := []Source{{Name: "ha.hcl", Text: text}}
		c, diags := Load(src, world())
		if (c == nil) != diags.HasErrors() {
			t.Fatalf("a Config: %t, errors: %t", c != nil, diags.HasErrors())
		}
		if c != nil && len(text) > mostBytes {
			t.Fatal("too large and accepted")
		}
		checkPrintable(t, render(diags, src))
		if c != nil {
			checkSafe(t, c)
		}
		checkFormat(t, src[0])
	})
}

func checkPrintable(t *testing.T, text string) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
		t.Fatalf("control characters in %q", text)
	}
}

// checkSafe looks at what will be written into files that root's programs read.
func checkSafe(t *testing.T, c *Config) {
	r := c.Replication
	for _, text := range append(append([]string{r.Schedule, r.FilesSchedule, c.Failover.CheckSchedule}, r.Directories...), r.ExcludeFiles...) {
		if strings.ContainsAny(text, "\n\r\x00;%'\"`$|&<>") || strings.HasPrefix(text, "-") || strings.Contains(text, "/../") {
			t.Fatalf("%q is accepted", text)
		}
	}
	if c.Node.Role != Disabled && (!c.Peer.Address.IsValid() || c.Peer.Address.Zone() != "" || c.Peer.Address.Is4In6()) {
		t.Fatalf("peer %v is accepted", c.Peer.Address)
	}
}

func checkFormat(t *testing.T, src Source) {
	once, diags := Format(src)
	if diags.HasErrors() {
		return
	}
	twice, diags := Format(Source{src.Name, once})
	if diags.HasErrors() || !bytes.Equal(once, twice) {
		t.Fatalf("formatting again: %q, then %q, %v", once, twice, diags)
	}
}
