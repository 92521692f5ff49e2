package main

import (
	"strings"
	"testing"
	"time"
)

// BenchmarkWatchStandsBy measures the daemon of a standby that watches its
// master with the usual probes: what it costs while all is well.
func BenchmarkWatchStandsBy(b *testing.B) {
	g := guard(b, "127.0.77.1")
	asUnit(b, func() { g.start() })
	g.soon("the master is seen", func() bool { return strings.Contains(g.get("run/hotpair/failover.json"), `"peer":"healthy"`) })
	pid := g.cmd.Process.Pid
	time.Sleep(5 * time.Second)
	before, began, peak, own := wakeups(b, pid), time.Now(), 0, 0
	for b.Loop() {
		time.Sleep(30 * time.Second)
		peak, own = max(peak, statusOf(b, pid, "VmRSS")), max(own, statusOf(b, pid, "RssAnon"))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(peak)/1024, "MiB")
	b.ReportMetric(float64(own)/1024, "MiB-anonymous")
	b.ReportMetric(float64(wakeups(b, pid)-before)/time.Since(began).Seconds(), "wake-ups/s")
}
