package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/hotpair/hotpair/resources/web"
)

const (
	mostListeners = 200
	sendLimit     = 10 * time.Second // for one event, to who reads slowly
	retryAfter    = 5 * time.Second
)

// listener is one browser that is told what changes, by server-sent events (the
// HTML standard, section 9.2).
type listener struct {
	feed *feed
	w    http.ResponseWriter
	to   *http.ResponseController
	has  string // the edition that it shows
}

func (h *handler) stream(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Type", "text/event-stream")
		return
	}
	if h.feed.busy() >= mostListeners {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
		web.Refuse(w, http.StatusServiceUnavailable, "too many listen: reload the page instead")
		return
	}
	l := &listener{feed: h.feed, w: w, to: http.NewResponseController(w), has: r.URL.Query().Get("has")}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		l.has = last
	}
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("X-Accel-Buffering", "no") // a web server in front is not to keep events back
	// What the server sets for a whole answer is too short for this one.
	if err := l.to.SetReadDeadline(time.Time{}); err != nil {
		web.Refuse(w, http.StatusInternalServerError, "this connection cannot be kept open")
		return
	}
	defer h.feed.listen(r.Context())()
	l.run(r.Context())
}

// run tells each edition once, and lives until the browser is gone.
func (l *listener) run(ctx context.Context) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	if l.send("retry: %d\n\nevent: beat\ndata:\n\n", retryAfter.Milliseconds()) != nil {
		return
	}
	for {
		s, changed := l.feed.next()
		if s != nil && s.edition != l.has {
			if l.send("id: %s\nevent: page\ndata: %s\n\n", s.edition, s.event) != nil {
				return
			}
			l.has = s.edition
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-beat.C:
			if l.send("event: beat\ndata:\n\n") != nil {
				return
			}
		}
	}
}

func (l *listener) send(format string, args ...any) error {
	if err := l.to.SetWriteDeadline(time.Now().Add(sendLimit)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(l.w, format, args...); err != nil {
		return err
	}
	return l.to.Flush()
}
