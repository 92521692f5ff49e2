package boxtest

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// Hook is a web server with TLS that keeps what is posted to it.
type Hook struct {
	*httptest.Server

	mu     sync.Mutex
	answer http.HandlerFunc
	posts  []Post
}

// Post is what somebody sent.
type Post struct {
	Path, Text string
	Head       http.Header
}

// NewHook is one for the length of a test, with a certificate for a name.
func NewHook(t testing.TB, a *Authority, name string, until time.Time) *Hook {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(a.Issue(name, until))
	if err != nil {
		t.Fatal(err)
	}
	h := &Hook{}
	h.Server = httptest.NewUnstartedServer(h)
	h.Config.ErrorLog = log.New(io.Discard, "", 0)
	h.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	h.StartTLS()
	t.Cleanup(h.Close)
	return h
}

func (h *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body) // what was cut shows in the text
	h.mu.Lock()
	answer := h.answer
	h.posts = append(h.posts, Post{Path: r.URL.Path, Text: string(text), Head: r.Header})
	h.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Answer has it answer in another way than 204; nil: by that again.
func (h *Hook) Answer(how http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = how
}

// Posts are those so far.
func (h *Hook) Posts() []Post {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.posts)
}
