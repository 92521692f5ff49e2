package when

import (
	"bytes"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBackoff(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: time.Minute, 4: 8 * time.Minute, 5: 15 * time.Minute, 1000: 15 * time.Minute} {
		if got := backoff(failures); got != want {
			t.Errorf("%d failures: %s", failures, got)
		}
	}
}

func TestAFailureIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 01:00:00")
		var healed atomic.Bool
		d.set(d.job("a", "0 2,4 * * *", 0, func() error {
			if healed.Load() {
				return nil
			}
			return bad()
		}))
		d.expect(90*time.Minute, "05 02:00:00 a schedule", "05 02:01:00 a retry", "05 02:03:00 a retry", "05 02:07:00 a retry", "05 02:15:00 a retry", "05 02:30:00 a retry")
		if next := d.Next("a"); next.Format(time.TimeOnly) != "02:45:00" {
			t.Errorf("due at %s", next)
		}
		healed.Store(true)
		d.expect(80*time.Minute, "05 02:45:00 a retry")
		healed.Store(false)
		d.expect(12*time.Minute, "05 04:00:00 a schedule", "05 04:01:00 a retry")
	})
}

func TestARetryIsNeverLaterThanTheNextTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 01:59:00")
		d.set(d.job("a", "*/5 * * * *", 0, bad))
		d.expect(22*time.Minute, "05 02:00:00 a schedule", "05 02:01:00 a retry", "05 02:03:00 a retry", "05 02:05:00 a schedule",
			"05 02:10:00 a schedule", "05 02:15:00 a schedule", "05 02:20:00 a schedule")
	})
}

// A run that lasts longer than its interval and fails is not begun again at once.
func TestALongFailureWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 01:59:00")
		d.set(d.job("a", "@every 1m", 90*time.Second, bad))
		d.expect(6*time.Minute, "05 02:00:00 a schedule", "05 02:02:30 a retry")
	})
}

func TestAPanicEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, "UTC", "2026-01-05 11:59:00")
		var log bytes.Buffer
		d.log = slog.New(slog.NewTextHandler(&log, nil))
		d.set(d.job("a", "0 * * * *", 0, func() error { panic("secret row") }))
		d.expect(150*time.Second, "05 12:00:00 a schedule", "05 12:01:00 a retry")
		if text := log.String(); !strings.Contains(text, "job=a") || !strings.Contains(text, "failure_test.go") || strings.Contains(text, "secret row") {
			t.Errorf("log %s", text)
		}
	})
}
