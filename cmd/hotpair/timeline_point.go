package main

import (
	"strconv"
	"time"

	"github.com/hotpair/hotpair/resources/pattern"
)

// point is a flag for a moment.
type point struct{ time.Time }

func (m *point) Type() string { return "time" }

func (m *point) String() string {
	if m.IsZero() {
		return "" // which --help does not show
	}
	return clock(m.Time)
}

var daysAgo = pattern.Lazy(`^(\d{1,5})d$`)

// Set reads how long ago, a clock of today, a date, both, or a time of RFC 3339.
func (m *point) Set(text string) error {
	now := time.Now()
	if days := daysAgo().FindStringSubmatch(text); days != nil {
		n, err := strconv.Atoi(days[1])
		m.Time = now.AddDate(0, 0, -n)
		return err
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		m.Time = now.Add(-d)
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			m.Time = at
			return nil
		}
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if at, err := time.Parse(layout, text); err == nil {
			m.Time = time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.Local)
			return nil
		}
	}
	return &unfit{`is no time: write how long ago, as 2h or 3d, or 02:30, 2026-03-01, "2026-03-01 02:30"`}
}
