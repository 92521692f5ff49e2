package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// soakFigure is what must stay flat in a daemon that lives long.
type soakFigure struct {
	name   string
	metric string  // "": its child processes
	unit   float64 // what is shown as one
	rise   float64 // how much the line through its floor may rise over the whole soak, in that unit
}

// soakFigures are bounded over the whole soak, however long: the longer it is, the less
// may be lost in an hour.
func soakFigures() []soakFigure {
	return []soakFigure{
		{"memory, MiB", "process_resident_memory_bytes", 1 << 20, 2},
		{"descriptors", "process_open_fds", 1, 1},
		{"goroutines", "go_goroutines", 1, 2},
		{"children", "", 1, 1},
	}
}

// sampleOf is a metric in what a daemon tells.
func sampleOf(text, metric string) (float64, error) {
	_, rest, told := strings.Cut(text, "\n"+metric+" ")
	if !told {
		return 0, fmt.Errorf("%s is not told", metric)
	}
	word, _, _ := strings.Cut(rest, "\n")
	return strconv.ParseFloat(word, 64)
}

// warm is without what came before all was in use: the first fifth.
func warm(samples []float64) []float64 { return samples[len(samples)/5:] }

// stretch is how many samples are enough to catch a daemon at rest.
const stretch = 30

// floors are the lowest samples of each stretch of time. What goes on for a moment is
// above them; what is never given back lifts them.
func floors(samples []float64) (list []float64) {
	for part := range slices.Chunk(samples, stretch) {
		if len(part) == stretch || list == nil {
			list = append(list, slices.Min(part))
		}
	}
	return list
}

// rise is how much the straight line that is nearest to all values (least squares)
// rises from the first to the last.
func rise(values []float64) float64 {
	n := float64(len(values))
	if n < 2 {
		return 0
	}
	var x, y, xx, xy float64
	for i, v := range values {
		at := float64(i)
		x, y, xx, xy = x+at, y+v, xx+at*at, xy+at*v
	}
	return (n*xy - x*y) / (n*xx - x*x) * (n - 1)
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func TestALeakIsSeenThroughTheNoise(t *testing.T) {
	t.Parallel()
	var flat, leak []float64
	for i := range 600 {
		noise := float64(i * 7919 % 13) // 0 to 12, each often
		flat = append(flat, 20+noise)
		leak = append(leak, 20+noise+float64(i)/200) // 3 in all
	}
	for name, c := range map[string]struct {
		samples   []float64
		low, high float64
	}{"flat": {flat, -.2, .2}, "leak": {leak, 2, 2.8}, "one sample": {[]float64{4}, 0, 0}} {
		if r := rise(floors(warm(c.samples))); r < c.low || r > c.high {
			t.Errorf("%s rises by %g", name, r)
		}
	}
	if v, err := sampleOf("\n# TYPE go_goroutines gauge\ngo_goroutines 31\n", "go_goroutines"); err != nil || v != 31 {
		t.Errorf("%g, %v", v, err)
	}
}
