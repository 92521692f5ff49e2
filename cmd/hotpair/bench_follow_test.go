package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
	"github.com/hotpair/hotpair/cmd/pairbox/process"
)

// BenchmarkWatchFollows measures the daemon of a master that replicates each
// change: what it costs while nothing changes, its ssh apart, and how long after
// the commit a row is on the standby, and after the write a file.
func BenchmarkWatchFollows(b *testing.B) {
	w := newWired(b, v4)
	for _, n := range []*wiredNode{&w.master, &w.standby} {
		w.must(n.net.Enter(func() error {
			boxtest.Kamailio(b, kamailio.Options{Address: netip.AddrPortFrom(n.net.V4, 5060)})
			return nil
		}))
	}
	w.standby.watch()
	asUnit(b, w.master.watch)
	w.hears("msg=replicated what=database")
	w.file("first.wav")
	pid := w.master.daemon.Process.Pid
	time.Sleep(2 * time.Second)
	for b.Loop() {
		var rows, files []time.Duration
		for i := range 5 {
			rows = append(rows, w.edit(fmt.Sprint("edit-", i)))
			files = append(files, w.file(fmt.Sprintf("edit-%d.wav", i)))
		}
		b.ReportMetric(median(rows).Seconds(), "s/row")
		b.ReportMetric(median(files).Seconds(), "s/file")
		time.Sleep(15 * time.Second) // until the last counters have been seen
		before, began, held := wakeups(b, pid), time.Now(), memory{}
		held.watch(b, pid, interval)
		b.ReportMetric(float64(wakeups(b, pid)-before)/time.Since(began).Seconds(), "wake-ups/s")
		held.report(b)
		ssh := process.Children(pid)
		b.ReportMetric(float64(len(ssh)), "ssh")
		for _, child := range ssh {
			b.ReportMetric(float64(statusOf(b, child, "VmRSS"))/1024, "MiB-ssh")
		}
	}
	b.ReportMetric(0, "ns/op")
}

func median[T cmp.Ordered](list []T) T {
	slices.Sort(list)
	return list[len(list)/2]
}
