package takeover

import (
	"log/slog"
	"testing"
	"time"
)

func TestWhoIsToKnowIsToldOfWhatChanges(t *testing.T) {
	h, _ := sandbox(t)
	told, serving := 0, false
	l, err := New(Options{Host: h, Log: slog.New(slog.DiscardHandler), Services: Services{Serving: func() bool { return serving }}, Changed: func() { told++ }})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, c := range []struct {
		serving bool
		told    int
	}{{false, 1}, {false, 1}, {true, 2}, {true, 2}} {
		serving = c.serving
		l.step(t.Context(), now)
		if told != c.told {
			t.Errorf("told %d times, not %d", told, c.told)
		}
	}
}
