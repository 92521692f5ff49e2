package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/stock"
	"github.com/hotpair/hotpair/resources/replicate"
)

// replication is one thing that is measured: what is done to the pair before
// each run, and what the program is told.
type replication struct {
	name    string
	prepare func(p *benchPair)
	args    []string
	how     replicate.How
}

func replications() []replication {
	return []replication{
		{name: "unchanged", prepare: func(*benchPair) {}},
		{name: "ten-rows", prepare: func(p *benchPair) { p.change(10) }},
		{name: "one-percent", prepare: func(p *benchPair) { p.change(p.users * largeRows / 100) }},
		{name: "verify", prepare: func(*benchPair) {}, args: []string{"--verify"}, how: replicate.How{Verify: true}},
		{name: "first", prepare: (*benchPair).empty},
	}
}

// BenchmarkReplicate compares the database's replication with the stock
// pipeline, in turn: the program's process over the connection that a daemon
// keeps (hotpair), with a login of its own (alone), and a run in the daemon, each
// after a checkpoint; and a run in the daemon soon after one (again). A
// reader looks up a row of the standby all the time. All figures are medians. Each
// edit is logged on the master from a checkpoint on, too: no copy of it could do
// with much less.
// Each user has 24 rows in the ten tables that are edited.
func BenchmarkReplicate(b *testing.B) {
	for _, users := range benchUsers(b) {
		b.Run(fmt.Sprint(users), func(b *testing.B) {
			p := newBenchPair(b, users)
			for _, c := range replications() {
				b.Run(c.name, func(b *testing.B) { p.compare(b, c) })
			}
		})
	}
}

const largeRows = 24

func benchUsers(b *testing.B) []int {
	b.Helper()
	list := os.Getenv("HOTPAIR_BENCH_USERS")
	if list == "" {
		list = "200,5000,50000"
	}
	var all []int
	for _, text := range strings.Split(list, ",") {
		users, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, users)
	}
	return all
}

// compare measures each way once a turn, so that a busy machine slows all alike.
func (p *benchPair) compare(b *testing.B, c replication) {
	var hotpair, alone, daemon, again, rival []figures
	p.edited = nil
	inDaemon := func() error {
		_, err := p.kept.Run(b.Context(), replicate.DatabaseName, c.how)
		return err
	}
	for b.Loop() {
		c.prepare(p)
		hotpair = append(hotpair, p.measure(p.standby.Server, func() error { return p.program(c) }))
		c.prepare(p)
		daemon = append(daemon, p.measure(p.standby.Server, inDaemon))
		c.prepare(p)
		again = append(again, p.observe(p.standby.Server, inDaemon))
		c.prepare(p)
		p.kept.Close()
		alone = append(alone, p.measure(p.standby.Server, func() error { return p.program(c) }))
		p.keep(b)
		rival = append(rival, p.measure(p.rival, func() error { return stock.Replicate(b.Context(), p.master.Server, p.rival, p.dump) }))
	}
	p.prove(b, c)
	ours, theirs := typical(hotpair), typical(rival)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(theirs.took.Seconds(), "s/stock")
	b.ReportMetric(ours.took.Seconds(), "s/hotpair")
	b.ReportMetric(ours.took.Seconds()/theirs.took.Seconds(), "of-stock")
	b.ReportMetric(typical(alone).took.Seconds()/theirs.took.Seconds(), "of-stock-alone")
	b.ReportMetric(typical(daemon).took.Seconds()/theirs.took.Seconds(), "of-stock-daemon")
	b.ReportMetric(float64(ours.wal), "B-WAL")
	b.ReportMetric(float64(ours.wal)/float64(theirs.wal), "WAL-of-stock")
	b.ReportMetric(float64(ours.wal-ours.pages)/float64(theirs.wal), "WAL-of-stock-without-pages")
	b.ReportMetric(float64(typical(again).wal)/float64(theirs.wal), "WAL-of-stock-again")
	if len(p.edited) > 0 {
		b.ReportMetric(float64(ours.wal)/float64(median(p.edited)), "WAL-of-edit")
	}
	b.ReportMetric(ours.stall.Seconds()*1000, "ms-stall")
	b.ReportMetric(ours.stall.Seconds()/theirs.stall.Seconds(), "stall-of-stock")
}

// program is the process, from its start to its exit.
func (p *benchPair) program(c replication) error {
	args := append([]string{"--root", p.dir, "replicate", replicate.DatabaseName}, c.args...)
	out, err := exec.Command(binary(p.t), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("hotpair %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// keep has this process keep a connection to the peer, as the daemon does.
func (p *benchPair) keep(b *testing.B) {
	b.Helper()
	if p.kept != nil {
		p.kept.Close()
	}
	a := &app{root: p.dir, logLevel: "warn", logStyle: "text", stdio: stdio{out: io.Discard, err: io.Discard}}
	p.must(a.setUp())
	r, _, err := a.replicator(p.host, []string{replicate.DatabaseName})
	p.must(err)
	p.kept = r
	_, err = r.Run(b.Context(), replicate.DatabaseName, replicate.How{})
	p.must(err)
}

// prove fails the benchmark if what was measured did not make a copy.
func (p *benchPair) prove(b *testing.B, c replication) {
	b.Helper()
	out, err := exec.Command(binary(b), "--root", p.dir, "replicate", replicate.DatabaseName, "--verify").CombinedOutput()
	if err != nil {
		b.Fatalf("after %s: %v: %s", c.name, err, out)
	}
}

// figures are what one run took.
type figures struct {
	took, stall time.Duration
	wal, pages  int64
}

// typical is the median of each figure by itself.
func typical(runs []figures) figures {
	middle := func(of func(figures) int64) int64 {
		var list []int64
		for _, r := range runs {
			list = append(list, of(r))
		}
		return median(list)
	}
	return figures{
		took:  time.Duration(middle(func(f figures) int64 { return int64(f.took) })),
		stall: time.Duration(middle(func(f figures) int64 { return int64(f.stall) })),
		wal:   middle(func(f figures) int64 { return f.wal }),
		pages: middle(func(f figures) int64 { return f.pages }),
	}
}
