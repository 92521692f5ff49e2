package main

import (
	"slices"
	"testing"
	"time"
)

// memory is what a process held, in KiB, four times a second.
type memory struct{ all, own []int }

// watch goes on for some time.
func (m *memory) watch(b *testing.B, pid int, length time.Duration) {
	b.Helper()
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(time.Second / 4) {
		m.all, m.own = append(m.all, statusOf(b, pid, "VmRSS")), append(m.own, statusOf(b, pid, "RssAnon"))
	}
}

// report tells the median, the most, and the most that is the process's own.
func (m *memory) report(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(median(m.all))/1024, "MiB")
	b.ReportMetric(float64(slices.Max(m.all))/1024, "MiB-peak")
	b.ReportMetric(float64(slices.Max(m.own))/1024, "MiB-anonymous")
}
