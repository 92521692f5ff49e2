package deliver

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
)

// hook is a web server that keeps what is posted to it.
type hook struct {
	*httptest.Server
	answer http.HandlerFunc // nil: 204

	mu    sync.Mutex
	heads []http.Header
	posts []string
}

func newHook(t testing.TB, a *boxtest.Authority, name string, until time.Time) *hook {
	t.Helper()
	h := &hook{}
	h.Server = httptest.NewUnstartedServer(h)
	cert, key := a.Issue(name, until)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	h.Config.ErrorLog = log.New(io.Discard, "", 0)
	h.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	h.StartTLS()
	t.Cleanup(h.Close)
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body) // what is cut is not JSON
	h.mu.Lock()
	h.heads, h.posts = append(h.heads, r.Header), append(h.posts, r.Method+" "+r.URL.Path+" "+string(text))
	h.mu.Unlock()
	if h.answer != nil {
		h.answer(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *hook) heard() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.posts
}

func TestAWebhookGetsJSON(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	h := newHook(t, b.authority, "127.0.0.1", tomorrow())
	way := Webhook{Host: b.host, URL: h.URL + "/" + planted, Token: planted, CAFile: trusted}
	b.must(b.send(way, message()))
	posts := h.heard()
	if len(posts) != 1 || !strings.HasPrefix(posts[0], "POST /"+planted+" {") {
		t.Fatal(posts)
	}
	var got Message
	b.must(json.Unmarshal([]byte(strings.TrimPrefix(posts[0], "POST /"+planted+" ")), &got))
	if want := message(); got.Title != want.Title || got.Version != 1 || !got.Since.Equal(want.Since) || strings.Contains(posts[0], "ended") {
		t.Errorf("%+v", got)
	}
	if head := h.heads[0]; head.Get("Authorization") != "Bearer "+planted || head.Get("Content-Type") != "application/json" {
		t.Errorf("%v", head)
	}
	if said := fmt.Sprint(way); strings.Contains(said, planted) || !strings.HasPrefix(said, "webhook at 127.0.0.1:") {
		t.Error(said)
	}
}

func TestAWebhookThatIsNotTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	for want, h := range map[string]*hook{
		"unknown authority": newHook(t, boxtest.NewAuthority(t), "127.0.0.1", tomorrow()),
		"IP SAN":            newHook(t, b.authority, "hooks.example.org", tomorrow()),
		"expired":           newHook(t, b.authority, "127.0.0.1", time.Now().Add(-time.Hour)),
	} {
		err := b.send(Webhook{Host: b.host, URL: h.URL + "/" + planted, Token: planted, CAFile: trusted}, message())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), planted) || len(h.heard()) != 0 {
			t.Errorf("%v, not %s; it heard %v", err, want, h.heard())
		}
	}
	h := newHook(t, b.authority, "127.0.0.1", tomorrow())
	b.put("etc/none.pem", "nothing", 0o644)
	for file, want := range map[string]string{"": "unknown authority", "/etc/none.pem": "holds no certificate", "/etc/absent.pem": "no such file"} {
		if err := b.send(Webhook{Host: b.host, URL: h.URL, CAFile: file}, message()); err == nil || !strings.Contains(err.Error(), want) || len(h.heard()) != 0 {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestAnAnswerThatIsNoneIsAFailure(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	h := newHook(t, b.authority, "127.0.0.1", tomorrow())
	way := Webhook{Host: b.host, URL: h.URL + "/" + planted, Token: planted, CAFile: trusted}
	for want, answer := range map[string]http.HandlerFunc{
		"status 500": func(w http.ResponseWriter, r *http.Request) { http.Error(w, planted, http.StatusInternalServerError) },
		"status 302": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"status 307": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		},
		"status 404":       func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"headers exceeded": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) },
	} {
		h.answer = answer
		before := len(h.heard())
		err := b.send(way, message())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), planted) || len(h.heard()) != before+1 {
			t.Errorf("%v, not %s", err, want)
		}
	}
	h.answer = func(w http.ResponseWriter, r *http.Request) { // it says more than anybody reads
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	}
	b.must(b.send(way, message()))
}
