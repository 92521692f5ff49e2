package schema

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func traps(n int) map[string]string {
	list := func(value string) string { return "watch {\n  mode = " + value + "\n}\n" }
	return map[string]string{
		"brackets":         list(strings.Repeat("[", n)),
		"brackets, closed": list(strings.Repeat("[", n) + strings.Repeat("]", n)),
		"parentheses":      list(strings.Repeat("(", n)),
		"calls":            list(strings.Repeat("lower(", n)),
		"braces":           list(strings.Repeat("{a=", n)),
		"negations":        list(strings.Repeat("-", n) + "1"),
		"nots":             list(strings.Repeat("!", n) + "true"),
		"ternaries":        list(strings.Repeat("true?1:", n) + "1"),
		"ternaries, left":  list(strings.Repeat("true?", n) + "1"),
		"sums":             list("1" + strings.Repeat("+1", n)),
		"sums over lines":  list("(1" + strings.Repeat("\n+1", n) + ")"),
		"sums in a loop":   list("{for a in b: 1" + strings.Repeat("\n+1", n) + "}"),
		"comparisons":      list("1" + strings.Repeat("==1", n)),
		"templates":        list(strings.Repeat(`"${`, n)),
		"templates, whole": list(strings.Repeat(`"${`, n) + "1" + strings.Repeat(`}"`, n)),
		"directives":       list(`"` + strings.Repeat("%{if true}", n) + `"`),
		"loops":            list(`"` + strings.Repeat("%{for a in b}", n) + `"`),
		"heredocs":         list(strings.Repeat("<<A\n${", n)),
		"blocks":           strings.Repeat("a {\n", n),
		"blocks, closed":   strings.Repeat("a {\n", n) + strings.Repeat("}\n", n),
		"labels":           "a " + strings.Repeat(`"b" `, n) + "{\n}\n",
		"indexes":          list("a" + strings.Repeat("[0]", n)),
		"splats":           list("a" + strings.Repeat("[*]", n)),
		"attributes":       list("a" + strings.Repeat(".a", n)),
		"namespaces":       list("a" + strings.Repeat("::a", n) + "()"),
		"digits":           list(strings.Repeat("9", n)),
		"closings":         strings.Repeat("}", n),
	}
}

// As many as fit into a file, and more than any file may hold: nothing may crash
// or take more than a second, here times ten.
func TestTraps(t *testing.T) {
	for _, n := range []int{300, 20000, 100000} {
		for name, text := range traps(n) {
			start := time.Now()
			refusal(t, source(text)...)
			if _, diags := Format(source(text)[0]); len(text) > mostBytes && !diags.HasErrors() {
				t.Errorf("%s, %d: formatted", name, n)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%s, %d: took %s", name, n, took)
			}
		}
	}
}

func TestDepthIsGuardedByTheLexer(t *testing.T) {
	for _, name := range []string{"brackets", "parentheses", "calls", "braces", "negations", "nots", "ternaries", "sums", "sums over lines",
		"sums in a loop", "comparisons", "templates", "directives", "loops", "blocks", "digits"} {
		text := traps(1000)[name]
		diags := guard(Source{Name: "ha.hcl", Text: []byte(text)})
		if !diags.HasErrors() || diags[0].Subject.Start.Line == 0 {
			t.Errorf("%s: not guarded, or nobody says where: %v", name, diags)
		}
	}
}

func TestGuardAdmitsWhatPeopleWrite(t *testing.T) {
	directories := strings.Repeat("    \"/srv/a\",\n", 2000)
	text := "replication {\n  directories = [\n" + directories + "  ]\n}\n" + strings.Repeat("# a comment - with: operators?\n", 400)
	if diags := guard(source(text)[0]); diags.HasErrors() {
		t.Error(diags)
	}
	text = strings.Repeat("a {\n  b = true ? 1 : 2\n}\n", 500)
	if diags := guard(source(text)[0]); diags.HasErrors() {
		t.Error(diags)
	}
}

// The parser accepts what is at the very limit of what guard lets through.
func TestLimitsParse(t *testing.T) {
	text := "a = " + strings.Repeat("[", mostDepth) + strings.Repeat("]", mostDepth) + "\nb = 1" + strings.Repeat("+1", mostOperators) + "\n"
	if diags := guard(source(text)[0]); diags.HasErrors() {
		t.Fatal(diags)
	}
	if _, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos); diags.HasErrors() {
		t.Error(diags)
	}
}
