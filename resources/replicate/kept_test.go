package replicate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

func TestKeptRowsAreSafeOnceTheyAreDone(t *testing.T) {
	dir := t.TempDir()
	h, err := host.Open(dir)
	must(t, err)
	defer h.Close()
	where := filepath.Join(dir, KeptDir)
	must(t, os.MkdirAll(where, 0o700))
	must(t, os.WriteFile(where+"/.rows-1.hotpair-tmp", []byte("of a run that was killed"), 0o600))
	names := map[string]bool{}
	for _, values := range []string{"aa", "bb", "ab", "ba", "a"} {
		k := &keeping{host: h}
		for _, v := range values {
			text := string(v)
			must(t, k.Keep(rows.OwnRow{Table: "t", Fate: "deleted", Values: map[string]*string{"v": &text}}))
		}
		must(t, k.Done())
		k.drop()
		names[k.name] = true
		info, err := os.Stat(filepath.Join(dir, k.name))
		must(t, err)
		text, err := os.ReadFile(filepath.Join(dir, k.name))
		must(t, err)
		if info.Mode().Perm() != 0o600 || strings.Count(string(text), "\n") != len(values) {
			t.Errorf("%s: %v %q", values, info.Mode(), text)
		}
	}
	k := &keeping{host: h}
	must(t, k.Keep(rows.OwnRow{Table: "t"}))
	k.drop()
	left, err := os.ReadDir(where)
	must(t, err)
	if len(names) != 4 || len(left) != 4 { // the order of the rows does not matter
		t.Errorf("%v, and there are %v", names, left)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
