package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
)

// BenchmarkDashboard measures the daemon of a standby that watches its master while
// so many browsers are told of what changes.
func BenchmarkDashboard(b *testing.B) {
	at := fmt.Sprintf("127.0.86.9:%d", boxtest.FreePort(b, "127.0.86.9"))
	g := guard(b, "127.0.86.1", fmt.Sprintf("dashboard {\n  listen = %q\n}\n", at))
	asUnit(b, func() { g.start() })
	g.soon("the master is seen", func() bool { return strings.Contains(g.get("run/hotpair/failover.json"), `"peer":"healthy"`) })
	pid := g.cmd.Process.Pid
	time.Sleep(5 * time.Second)
	for _, clients := range []int{0, 1, 100} {
		b.Run(fmt.Sprint("clients-", clients), func(b *testing.B) {
			for range clients {
				listens(b, at)
			}
			time.Sleep(5 * time.Second)
			cpu, began, held := processor(b, pid), time.Now(), memory{}
			for b.Loop() {
				held.watch(b, pid, interval)
			}
			b.ReportMetric(0, "ns/op")
			held.report(b)
			b.ReportMetric(100*(processor(b, pid)-cpu).Seconds()/time.Since(began).Seconds(), "%-of-a-core")
		})
	}
}

// listens is told what changes until the benchmark ends.
func listens(b *testing.B, at string) {
	b.Helper()
	client := http.Client{Transport: &http.Transport{}}
	answer, err := client.Get("http://" + at + "/events")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { answer.Body.Close() })
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if lines.Text() == "event: page" {
			break
		}
	}
	go func() {
		for lines.Scan() { // until the body is closed
		}
	}()
}

// tickLength is that of a clock tick, which proc(5) counts in: USER_HZ is 100.
const tickLength = 10 * time.Millisecond

// processor is the time that a process has had of the processors (proc(5), the
// fields utime and stime of stat).
func processor(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields, ticks := strings.Fields(rest), 0
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * tickLength
}
