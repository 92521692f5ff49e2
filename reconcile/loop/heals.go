package loop

import (
	"slices"
	"time"
)

// Heals counts how often things were put in order again, so that a thing that
// somebody else keeps changing back is left to him. It can be stored as JSON.
type Heals map[string][]time.Time

const window = time.Hour

// Count records that a thing was healed.
func (h Heals) Count(name string, now time.Time) {
	h[name] = append(h.recent(name, now), now)
}

// Fought tells whether a thing was healed most times within the last hour, and
// until when it is left alone therefore.
func (h Heals) Fought(name string, most int, now time.Time) (until time.Time, fought bool) {
	recent := h.recent(name, now)
	if len(recent) < most {
		return time.Time{}, false
	}
	return recent[len(recent)-most].Add(window), true
}

// Forget drops what is older than an hour.
func (h Heals) Forget(now time.Time) {
	for name := range h {
		if h[name] = h.recent(name, now); len(h[name]) == 0 {
			delete(h, name)
		}
	}
}

func (h Heals) recent(name string, now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(h[name]), func(t time.Time) bool { return !t.After(now.Add(-window)) })
}
