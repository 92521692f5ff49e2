package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestFailover(t *testing.T) {
	t.Parallel()
	table := &findings{t: t}
	table.all(slices.Concat(happenings(paceOfTests()), tales(paceOfTests())))
	t.Logf("what came of it:\n%s", table)
}

// findings are the table of the README.
type findings struct {
	t    *testing.T
	mu   sync.Mutex
	rows map[string]finding
	list []happening
}

// atOnce is how many pairs are tried side by side: they mostly wait.
func atOnce() int {
	if tortured() {
		return 30
	}
	return 8
}

func (f *findings) all(list []happening) {
	f.list, f.rows = list, map[string]finding{}
	places := make(chan struct{}, atOnce())
	var group sync.WaitGroup
	for i, h := range list {
		group.Go(func() {
			time.Sleep(time.Duration(i) * time.Second) // to make a pair is work
			places <- struct{}{}
			defer func() { <-places }()
			f.t.Run(h.name, func(t *testing.T) {
				row := h.befalls(t)
				f.mu.Lock()
				defer f.mu.Unlock()
				f.rows[h.name] = row
			})
		})
	}
	group.Wait()
}

func (f *findings) String() string {
	var text strings.Builder
	shown := func(d time.Duration) string {
		if d == 0 {
			return "–"
		}
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	fmt.Fprintln(&text, "| what happens | noticed after | the standby serves after | phones out for at most | calls on the standby; on the master |\n|---|---|---|---|---|")
	for _, h := range f.list {
		row := f.rows[h.name]
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s; %s |\n", h.name, shown(row.noticed), shown(row.served), shown(row.outage), cmp.Or(row.standby, "–"), cmp.Or(row.master, "–"))
	}
	fmt.Fprintln(&text)
	for _, h := range f.list {
		fmt.Fprintf(&text, "%s: %s\n", h.name, f.rows[h.name].reason)
	}
	return text.String()
}
