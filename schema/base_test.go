package schema

import (
	"strings"
	"testing"
)

func TestAPlatformOfOnesOwnNeedSayOnlyWhatDiffers(t *testing.T) {
	mine := "base = \"wazo\"\ntitle = \"Ours\"\nstate {\n  passive = \"/srv/passive\"\n}\n"
	o := Options{ReadFile: func(string) ([]byte, error) { return []byte(mine), nil }}
	text := "platform = \"/etc/hotpair/mine.hcl\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"10.0.0.1\"\n}\n"
	c, diags := Load([]Source{{Name: "ha.hcl", Text: []byte(text)}}, o)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if p := c.Platform; p.Title != "Ours" || p.State.Passive != "/srv/passive" || p.State.HAConf != "/etc/xivo/ha.conf" || p.Stock.ReplicateFiles != "/usr/bin/wazo-sync" {
		t.Errorf("got %+v", p)
	}
	if at := c.Origin("replication.schedule"); !strings.HasPrefix(at, "platform wazo, line ") {
		t.Errorf("the schedule comes from %q", at)
	}
	if at := c.Origin("state.passive"); at != "/etc/hotpair/mine.hcl:4:3" {
		t.Errorf("the flag comes from %q", at)
	}
}

func TestABaseIsAPreset(t *testing.T) {
	for mine, want := range map[string]string{
		"base = \"wazzo\"\n":         "wazo",
		"base = \"/etc/x.hcl\"\n":    "/etc/hotpair/mine.hcl:1",
		"base = file(\"/secret\")\n": "/etc/hotpair/mine.hcl:1",
		"base = [\"wazo\"]\n":        "/etc/hotpair/mine.hcl:1",
	} {
		o := Options{ReadFile: func(string) ([]byte, error) { return []byte(mine), nil }}
		sources := []Source{{Name: "ha.hcl", Text: []byte("platform = \"/etc/hotpair/mine.hcl\"\nnode {\n  role = \"disabled\"\n}\n")}}
		c, diags := Load(sources, o)
		if c != nil || !diags.HasErrors() {
			t.Fatalf("%s was taken", mine)
		}
		if said := Render(diags, sources)[0].String(); !strings.Contains(said, want) {
			t.Errorf("%s is answered\n%s", mine, said)
		}
	}
}
