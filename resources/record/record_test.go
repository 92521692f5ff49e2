package record

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hotpair/hotpair/resources/host"
)

const enough = 30 * time.Second

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) *host.Host {
	t.Helper()
	h, err := host.Open(t.TempDir())
	must(t, err)
	t.Cleanup(func() { h.Close() })
	return h
}

func read(t *testing.T, h *host.Host) []Event {
	t.Helper()
	list, err := Read(h)
	must(t, err)
	return list
}

func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(enough); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so after %s: %s", enough, what)
		}
	}
}

// secret prints as those of ha.hcl do.
type secret string

func (secret) String() string { return "(secret)" }

func TestTheLogIsTheRecord(t *testing.T) {
	h := open(t)
	if list := read(t, h); list != nil {
		t.Errorf("before anything happened: %v", list)
	}
	w := New(h, "watch")
	var terminal bytes.Buffer
	log := slog.New(Handler(slog.NewTextHandler(&terminal, &slog.HandlerOptions{Level: slog.LevelWarn}), w))
	log.Debug("looking")
	log.With("what", "database").WithGroup("in").Info("replicated", "new", 3, "took", 1500*time.Millisecond, slog.Group("of", "key", secret("s3cr3t")))
	log.Warn("a\nb\x1b[2J", "error", errors.Join(errors.New("one"), errors.New("two")), "long", strings.Repeat("x", 3*longest))
	w.Close(enough)
	log.Error("after the end")
	list := read(t, h)
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	if diff := cmp.Diff(Attrs{{"what", "database"}, {"in.new", "3"}, {"in.took", "1.5s"}, {"in.of.key", "(secret)"}}, list[0].Attrs); diff != "" {
		t.Error(diff)
	}
	second := list[1]
	if second.Message != "a; b\uFFFD[2J" || second.Level != "WARN" || second.By != "watch" || second.Attrs.Get("error") != "one; two" || len(second.Attrs.Get("long")) > longest+3 {
		t.Errorf("%+v", second)
	}
	if second.At.Location() != time.UTC || second.At.Nanosecond()%1e6 != 0 || time.Since(second.At) > enough {
		t.Errorf("at %v", second.At)
	}
	if text := terminal.String(); strings.Contains(text, "replicated") || !strings.Contains(text, "after the end") {
		t.Errorf("the terminal got %q", text)
	}
	info, err := os.Stat(h.Host(Path))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

// A lock on the file stands for a disk that does not answer.
func TestADiskThatHangsDelaysNobody(t *testing.T) {
	h := open(t)
	w := New(h, "watch")
	w.Add(Event{At: time.Now(), Message: "before"})
	soon(t, "one is written", func() bool { return len(read(t, h)) == 1 })
	disk, err := os.OpenFile(h.Host(Path), os.O_RDWR, 0)
	must(t, err)
	const setLock = 37 // F_OFD_SETLK
	must(t, syscall.FcntlFlock(disk.Fd(), setLock, &syscall.Flock_t{Type: syscall.F_WRLCK}))
	const more = 100
	for n := range waiting + more {
		w.Add(Event{At: time.Now(), Message: fmt.Sprint(n)})
	}
	w.Close(10 * time.Millisecond)
	if list := read(t, h); len(list) != 1 {
		t.Errorf("%d are written", len(list))
	}
	must(t, disk.Close())
	w.Close(enough)
	list := read(t, h)
	lost := 0
	for _, e := range list {
		if n := e.Attrs.Get("events"); n != "" {
			_, err := fmt.Sscan(n, &lost)
			must(t, err)
			list = list[:len(list)-1]
		}
	}
	if lost < more-1 || lost+len(list) != 1+waiting+more {
		t.Errorf("%d are lost, %d are written", lost, len(list))
	}
}

// A directory in the place of the file stands for a disk that takes nothing.
func TestWhatADiskDidNotTakeIsCounted(t *testing.T) {
	h := open(t)
	must(t, os.MkdirAll(h.Host(Path), 0o755))
	w := New(h, "watch")
	for range 3 {
		w.Add(Event{At: time.Now(), Message: "lost"})
	}
	soon(t, "three are lost", func() bool { return w.missed(0) == 3 })
	must(t, os.Remove(h.Host(Path)))
	w.Add(Event{At: time.Now(), Message: "kept"})
	w.Close(enough)
	list := read(t, h)
	if len(list) != 2 || list[0].Message != "kept" || list[1].Attrs.Get("events") != "3" {
		t.Errorf("%+v", list)
	}
}

func TestWhatIsNoEventIsLeftOut(t *testing.T) {
	h := open(t)
	w := New(h, "apply")
	w.Add(Event{At: time.Now(), Message: "first"})
	w.Close(enough)
	file, err := os.OpenFile(h.Host(Path), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = file.WriteString("{\"at\":\"2026-01-01T00:00:00Z\",\"attrs\":[1]}\n{}\n{\"at\":\"2026-0")
	must(t, errors.Join(err, file.Close()))
	w = New(h, "apply")
	w.Add(Event{At: time.Now(), Message: "second"})
	w.Close(enough)
	if list := read(t, h); len(list) != 2 || list[0].Message != "first" || list[1].Message != "second" {
		t.Errorf("%+v", list)
	}
	if names, err := filepath.Glob(filepath.Join(filepath.Dir(h.Host(Path)), ".*")); err != nil || len(names) > 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

func FuzzAttrs(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":"b","c":"d"}`, `{"a":1}`, `[`, `{"a":"b"`, `null`, `{"\u0000":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, second Attrs
		if first.UnmarshalJSON(text) != nil {
			return
		}
		again, err := first.MarshalJSON()
		must(t, err)
		must(t, second.UnmarshalJSON(again))
		if diff := cmp.Diff(first, second); diff != "" {
			t.Error(diff)
		}
	})
}
