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
	before, began, held := wakeups(b, pid), time.Now(), memory{}
	for b.Loop() {
		held.watch(b, pid, interval)
	}
	b.ReportMetric(0, "ns/op")
	held.report(b)
	b.ReportMetric(float64(wakeups(b, pid)-before)/time.Since(began).Seconds(), "wake-ups/s")
}
