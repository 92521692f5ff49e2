package drill

import (
	"sync"
	"time"
)

// server is what is known of one server.
type server struct {
	answered time.Time // last, to anybody
	missing  bool      // a question since then had no answer
}

// seat is where a phone stands.
type seat struct {
	registered bool
	at         Node
	left       time.Time // the other server, which has not been heard of since; zero: it has
	longest    time.Duration
}

// stopwatch stops how long phones are without a server. It is for several
// goroutines.
type stopwatch struct {
	mu      sync.Mutex
	servers [2]server
	seats   []seat
}

func newStopwatch(phones int) *stopwatch { return &stopwatch{seats: make([]seat, phones)} }

// answered notes that a server answered somebody.
func (w *stopwatch) answered(n Node, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.seats {
		switch s := &w.seats[i]; {
		case s.registered && s.at == n && w.servers[n].missing:
			s.note(now.Sub(w.servers[n].answered))
		case s.at != n:
			s.left = time.Time{}
		}
	}
	w.servers[n] = server{answered: now}
}

// missed notes that a server did not answer a question, unless it has answered
// another one since that was asked. Those that left it may have done so when it was
// gone already.
func (w *stopwatch) missed(n Node, asked time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if asked.Before(w.servers[n].answered) {
		return
	}
	w.servers[n].missing = true
	for i := range w.seats {
		if s := &w.seats[i]; s.at != n && !s.left.IsZero() {
			s.note(s.left.Sub(w.servers[n].answered))
			s.left = time.Time{}
		}
	}
}

// registers notes that a phone has registered at a server, which has answered.
func (w *stopwatch) registers(phone int, n Node, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, before := &w.seats[phone], w.servers[n.other()]
	if s.registered && s.at != n {
		if s.left = now; before.missing {
			s.note(now.Sub(before.answered))
			s.left = time.Time{}
		}
	}
	s.registered, s.at = true, n
}

func (s *seat) note(outage time.Duration) { s.longest = max(s.longest, outage) }

// begin begins to measure anew.
func (w *stopwatch) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.seats {
		w.seats[i].longest, w.seats[i].left = 0, time.Time{}
	}
}

// outages are the longest of each phone so far; one that goes on counts.
func (w *stopwatch) outages(now time.Time) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]time.Duration, len(w.seats))
	for i, s := range w.seats {
		if at := w.servers[s.at]; s.registered && at.missing {
			s.note(now.Sub(at.answered))
		}
		list[i] = s.longest
	}
	return list
}

// served counts the phones that are registered at a server that answers.
func (w *stopwatch) served(n Node) (count int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.seats {
		if s.registered && s.at == n && !w.servers[n].missing {
			count++
		}
	}
	return count
}
