package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// bar shows on a terminal how far a change of many things is, such as of
// phones; elsewhere nothing is shown.
func (a *app) bar() func(done, total int) {
	if a.json || !isTerminal(a.err) {
		return nil
	}
	b := &bar{app: a}
	return b.show
}

type bar struct {
	app  *app
	mu   sync.Mutex
	last time.Time
}

const (
	barWidth = 30
	many     = 10 // fewer need no bar
)

// show draws the bar at most ten times a second, and clears it at the end.
func (b *bar) show(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if total < many || done < total && time.Since(b.last) < 100*time.Millisecond {
		return
	}
	b.last = time.Now()
	filled := barWidth * done / max(total, 1)
	fmt.Fprintf(b.app.err, "\r  [%s%s] %d of %d", strings.Repeat("#", filled), strings.Repeat(".", barWidth-filled), done, total)
	if done >= total {
		fmt.Fprintf(b.app.err, "\r%s\r", strings.Repeat(" ", barWidth+30))
	}
}
