package replicate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate/rows"
)

func sandbox(t *testing.T) (*host.Host, string) {
	t.Helper()
	dir := t.TempDir()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h, dir
}

// What is remembered of runs that end one way or the other.
func TestMarks(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC) }
	var m Marks
	m.mark(Entry{At: at(1), Result: Failed, Error: "away"})
	m.mark(Entry{At: at(2), Result: Failed, Error: "still away"})
	if m.Failing != at(1) || m.Failure != "still away" || !m.Good.IsZero() {
		t.Errorf("failing: %+v", m)
	}
	m.mark(Entry{At: at(3), Result: Waiting, Error: "consent"})
	if m.Waits != "consent" || m.Failure != "" || !m.Failing.IsZero() || !m.Good.IsZero() {
		t.Errorf("waiting: %+v", m)
	}
	m.mark(Entry{At: at(4), Result: Copied, Full: true, Content: true})
	if m.Good != at(4) || m.Compared != at(4) || !m.Verified.IsZero() || m.Waits+m.Failure != "" || !m.Failing.IsZero() {
		t.Errorf("copied: %+v", m)
	}
	m.mark(Entry{At: at(5), Result: Unchanged})
	before := m
	m.mark(Entry{At: at(6), Verify: true, Result: Differs, Full: true, Content: true})
	m.mark(Entry{At: at(6), Verify: true, Result: Failed, Error: "away"})
	if m != before {
		t.Errorf("a verification that failed or found a difference tells of no copying: %+v", m)
	}
	m.mark(Entry{At: at(6), Result: Failed, Error: "away"})
	failing := m
	if m.mark(Entry{At: at(6), Verify: true, Result: Differs}); m != failing || m.Failure != "away" {
		t.Errorf("a verification that found a difference mends nothing: %+v", m)
	}
	m.mark(Entry{At: at(7), Verify: true, Result: Same, Full: true, Content: true})
	if m.Verified != at(7) || m.Good != at(7) || m.Tried != at(6) || m.Failure != "" || !m.Failing.IsZero() {
		t.Errorf("verified: %+v", m)
	}
}

func TestMemoryIsOfOnePeer(t *testing.T) {
	h, dir := sandbox(t)
	m, err := Recall(h, "key A")
	if err != nil {
		t.Fatal(err)
	}
	m.Database.Good = time.Unix(1, 0)
	m.Database.Rows = &rows.Memory{Rows: map[string]int64{"users": 3}}
	if err := m.store(h); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"key C", "key B"} {
		other, err := Recall(h, wrong)
		if err != nil || other.Database.Rows != nil {
			t.Errorf("%+v, %v", other, err)
		}
		other.Database.mark(Entry{At: time.Unix(1, 0), Result: Failed, Error: "another host key"})
		if err := other.store(h); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := Recall(h, "key A"); err != nil || again.Database.Rows.Rows["users"] != 3 || again.Database.Failure != "" {
		t.Errorf("a wrong key made the peer a stranger: %+v, %v", again, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, memoryPath)); err != nil || strings.Contains(string(text), "key C") {
		t.Errorf("a peer that was never written is remembered: %s, %v", text, err)
	}
	if err := os.WriteFile(filepath.Join(dir, memoryPath), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Recall(h, "key A"); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("a broken memory: %v", err)
	}
}

func TestTheHistoryIsBoundedAndOutlivesACut(t *testing.T) {
	h, dir := sandbox(t)
	long := strings.Repeat("x", 10000)
	for i := range 70 {
		if err := record(h, Entry{At: time.Unix(int64(i+1), 0), What: DatabaseName, Result: Failed, Error: long}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := History(h)
	if err != nil || len(list) < 20 || list[len(list)-1].At.Unix() != 70 {
		t.Fatalf("%d runs, %v", len(list), err)
	}
	name := filepath.Join(dir, HistoryPath)
	info, err := os.Stat(name)
	if err != nil || info.Size() > historySize+12000 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.Truncate(name, info.Size()-20); err != nil {
		t.Fatal(err)
	}
	if cut, err := History(h); err != nil || len(cut) != len(list)-1 {
		t.Errorf("%d runs after a cut, %v", len(cut), err)
	}
}

func TestSingleFilesMendNoWholeRun(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	whole := func(hour int, result, trouble string) Entry {
		return Entry{At: at(hour), What: FilesName, Result: result, Error: trouble, Full: true}
	}
	single := func(hour int, result, trouble string) Entry {
		return Entry{At: at(hour), What: FilesName, Result: result, Error: trouble, Single: true}
	}
	for _, c := range []struct {
		name    string
		entries []Entry
		want    Marks
	}{
		{"single files are no whole run", []Entry{whole(1, Copied, ""), single(2, Copied, "")}, Marks{Tried: at(1), Good: at(2), Compared: at(1)}},
		{"they mend their own failure", []Entry{whole(1, Copied, ""), single(2, Failed, "x"), single(3, Copied, "")}, Marks{Tried: at(1), Good: at(3), Compared: at(1)}},
		{"but not a whole run's", []Entry{whole(1, Failed, "guard"), single(2, Copied, ""), single(3, Failed, "x")}, Marks{Tried: at(1), Failure: "guard", Failing: at(1)}},
		{"which becomes the failure", []Entry{single(1, Failed, "x"), whole(2, Failed, "guard"), single(3, Copied, "")}, Marks{Tried: at(2), Failure: "guard", Failing: at(1)}},
		{"until a whole run is good", []Entry{whole(1, Failed, "guard"), whole(2, Unchanged, ""), single(3, Copied, "")}, Marks{Tried: at(2), Good: at(3), Compared: at(2)}},
	} {
		var got Marks
		for _, e := range c.entries {
			got.mark(e)
		}
		if got != c.want {
			t.Errorf("%s:\n%+v, want\n%+v", c.name, got, c.want)
		}
	}
}
