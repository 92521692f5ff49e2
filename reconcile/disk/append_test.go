package disk

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const linesName = "/etc/lines"

func TestALineGoesOnFromNoneThatWasCut(t *testing.T) {
	r, dir := open(t)
	must(t, r.Append(linesName, []byte("first"), 100, 0o600))
	file := filepath.Join(dir, linesName)
	must(t, os.WriteFile(file, []byte("first\nsec"), 0o600))
	must(t, r.Append(linesName, []byte("third"), 100, 0o600))
	text, err := os.ReadFile(file)
	must(t, err)
	if string(text) != "first\nsec\nthird\n" {
		t.Errorf("%q", text)
	}
	info, err := os.Stat(file)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestAFileOfLinesLosesItsOlderHalf(t *testing.T) {
	r, dir := open(t)
	file := filepath.Join(dir, linesName)
	for _, there := range []string{strings.Repeat("x", 200), "x", "", "\n", strings.Repeat("line\n", 30)} {
		must(t, os.WriteFile(file, []byte(there), 0o600))
		for _, line := range []string{"short", strings.Repeat("long", 60)} {
			must(t, r.Append(linesName, []byte(line), 100, 0o600))
			text, err := os.ReadFile(file)
			must(t, err)
			if !strings.HasSuffix(string(text), line+"\n") || len(text) > max(100, len(line))+1 {
				t.Errorf("%q and %q: %q", there, line, text)
			}
		}
	}
}

// Each opens the file anew, so they stand to each other as processes do.
func TestSeveralAppendAndNoLineIsLostButTheOldest(t *testing.T) {
	r, dir := open(t)
	const writers, each = 8, 200
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for n := range each {
				if err := r.Append(linesName, fmt.Appendf(nil, "%d %03d", w, n), 4<<10, 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	text, err := os.ReadFile(filepath.Join(dir, linesName))
	must(t, err)
	next := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var w, n int
		if _, err := fmt.Sscanf(line, "%d %d\n", &w, &n); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		key := fmt.Sprint(w)
		if was, known := next[key]; known && n != was {
			t.Errorf("writer %d: line %d after %d", w, n, was-1)
		}
		next[key] = n + 1
	}
	last := 0
	for _, n := range next {
		last = max(last, n)
	}
	if len(text) > 4<<10 || len(text) < 1<<10 || last != each {
		t.Errorf("%d bytes, the last line is %d of %d", len(text), last, each)
	}
}

func TestNothingIsAppendedToALink(t *testing.T) {
	r, dir := open(t)
	must(t, os.Symlink("../outside/x", filepath.Join(dir, linesName)))
	if err := r.Append(linesName, []byte("x"), 100, 0o600); err == nil {
		t.Error("it was followed")
	}
}
