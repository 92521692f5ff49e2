package dashboard

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/timeline"
	"github.com/hotpair/hotpair/resources/web"
)

// Connections are how many may be open at a time: those who listen, and those who
// load the page.
const Connections = mostListeners + 56

// policy lets the page load what comes from here, and nothing else: no inline
// script or style, no frame around it, nowhere to send anything.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types page"

// Options are what is shown.
type Options struct {
	Node string                          // what this node is called
	Look func(ctx context.Context) Input // it is called by one goroutine at a time
	Log  *slog.Logger
}

// handler answers requests for the page and what belongs to it.
type handler struct {
	feed   *feed
	render *renderer
	assets assets
}

// Handler serves the page. Its error is that of a page which is built wrongly.
func Handler(o Options) (http.Handler, error) {
	files, err := newAssets()
	if err != nil {
		return nil, err
	}
	render, err := newRenderer(o.Node, files)
	if err != nil {
		return nil, err
	}
	failed := func(err error) { o.Log.Error("the dashboard cannot be shown", "error", err) }
	return &handler{feed: &feed{look: o.Look, render: render, failed: failed}, render: render, assets: files}, nil
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Security-Policy", policy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cross-Origin-Embedder-Policy", "require-corp")
	head.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	head.Set("Cache-Control", "no-store")
	switch path := r.URL.EscapedPath(); path {
	case "/":
		h.page(w, r)
	case "/events":
		h.stream(w, r)
	case "/status.json":
		h.machine(w, r)
	default:
		if !h.assets.serve(w, r, strings.TrimPrefix(path, "/")) {
			web.Refuse(w, http.StatusNotFound, "there is /, /status.json and /events")
		}
	}
}

// scene is the last look; one without anything known where there was none yet.
func (h *handler) scene(ctx context.Context) scene {
	if s := h.feed.now(ctx); s != nil {
		return *s
	}
	return scene{at: time.Now()}
}

func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	text, err := h.render.all(h.scene(r.Context()), time.Now())
	if err != nil {
		h.feed.failed(err)
		http.Error(w, "The page cannot be shown: see the log of the daemon.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text) // who asked may be gone
}

// machine answers with the same for machines.
func (h *handler) machine(w http.ResponseWriter, r *http.Request) {
	s := h.scene(r.Context())
	v := view{Input: s.Input, node: h.render.node, now: time.Now()}
	history, _ := bounded(lastFirst(s.History), mostRuns)
	events, _ := bounded(lastFirst(s.Events), mostEvents)
	web.Answer(w, http.StatusOK, struct {
		Node    string            `json:"node"`
		Known   bool              `json:"known"`
		Verdict verdict           `json:"verdict"`
		Status  status.Status     `json:"status"`
		History []replicate.Entry `json:"history"` // the newest first
		Events  []timeline.Entry  `json:"events"`  // the newest first
	}{h.render.node, s.Known, v.verdict(), s.Status, history, events})
}
