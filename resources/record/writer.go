package record

import (
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/hotpair/hotpair/resources/host"
)

// waiting is how many events wait for a disk.
const waiting = 512

// Writer writes events in the background.
type Writer struct {
	host   *host.Host
	by     string
	events chan Event
	ended  chan struct{}

	mu     sync.Mutex
	closed bool
	lost   int // events since the last one that was written
}

// New makes a writer for a command, which Close ends.
func New(h *host.Host, by string) *Writer {
	w := &Writer{host: h, by: by, events: make(chan Event, waiting), ended: make(chan struct{})}
	go w.run()
	return w
}

// Add has an event written. It waits for nothing: one that finds the others still
// waiting is lost, and counted.
func (w *Writer) Add(e Event) {
	e.At, e.By = e.At.UTC().Truncate(time.Millisecond), w.by
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	select {
	case w.events <- e:
	default:
		w.lost++
	}
}

// Close writes what waits, for as long as the limit at most.
func (w *Writer) Close(limit time.Duration) {
	w.mu.Lock()
	was := w.closed
	w.closed = true
	if !was {
		close(w.events)
	}
	w.mu.Unlock()
	select {
	case <-w.ended:
	case <-time.After(limit):
	}
}

func (w *Writer) run() {
	defer close(w.ended)
	for e := range w.events {
		if w.write(e) != nil {
			w.missed(1)
			continue
		}
		w.tellMissed()
	}
	w.tellMissed()
}

func (w *Writer) write(e Event) error { return w.host.AppendLine(Path, e, size) }

// tellMissed tells of events that are not in the record; where that is not
// written either, it is told later.
func (w *Writer) tellMissed() {
	lost := w.missed(0)
	if lost == 0 {
		return
	}
	gap := Event{At: time.Now().UTC().Truncate(time.Millisecond), Level: slog.LevelWarn.String(), By: w.by,
		Message: "not all was recorded: the disk was full, or did not answer", Attrs: Attrs{{"events", strconv.Itoa(lost)}}}
	if w.write(gap) == nil {
		w.missed(-lost)
	}
}

// missed counts events that were lost, or told to be, and gives how many are not
// told yet.
func (w *Writer) missed(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost += n
	return w.lost
}
