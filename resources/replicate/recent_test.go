package replicate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

func TestEachRunIsRecentOnce(t *testing.T) {
	dir := t.TempDir()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	at := 0
	run := func(trouble string) {
		t.Helper()
		at++
		if err := record(h, Entry{At: time.Unix(int64(at), 0), What: FilesName, Result: Failed, Error: trouble}); err != nil {
			t.Fatal(err)
		}
	}
	recent := func(r *Recent, want int) {
		t.Helper()
		list, err := r.Runs()
		if err != nil || len(list) != want || want > 0 && list[want-1].At.Unix() != int64(at) {
			t.Errorf("%d runs, %v; %d wanted", len(list), err, want)
		}
	}
	early := &Recent{Host: h}
	recent(early, 0)
	run("first")
	recent(early, 1)
	run("second")
	late := &Recent{Host: h}
	recent(late, 0)
	recent(late, 0)
	recent(early, 1)
	run("third")
	run("fourth")
	recent(late, 2)
	recent(early, 2)
	for range 3 { // the older half goes, and with it what was read last
		run(strings.Repeat("x", historySize/2))
	}
	list, err := early.Runs()
	if err != nil || len(list) == 0 || len(list) > 3 || list[len(list)-1].At.Unix() != int64(at) {
		t.Errorf("%d runs after the history was cut, %v", len(list), err)
	}
	if err := os.Remove(filepath.Join(dir, HistoryPath)); err != nil {
		t.Fatal(err)
	}
	recent(early, 0)
}
