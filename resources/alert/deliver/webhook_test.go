package deliver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
)

func TestAWebhookGetsJSON(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	h := boxtest.NewHook(t, b.authority, "127.0.0.1", tomorrow())
	way := Webhook{Host: b.host, URL: h.URL + "/" + planted, Token: planted, CAFile: trusted}
	b.must(b.send(way, message()))
	posts := h.Posts()
	if len(posts) != 1 || posts[0].Path != "/"+planted {
		t.Fatal(posts)
	}
	var got Message
	b.must(json.Unmarshal([]byte(posts[0].Text), &got))
	if want := message(); got.Title != want.Title || got.Version != 1 || !got.Since.Equal(want.Since) || strings.Contains(posts[0].Text, "ended") {
		t.Errorf("%+v", got)
	}
	if head := posts[0].Head; head.Get("Authorization") != "Bearer "+planted || head.Get("Content-Type") != "application/json" {
		t.Errorf("%v", head)
	}
	if said := fmt.Sprint(way); strings.Contains(said, planted) || !strings.HasPrefix(said, "webhook at 127.0.0.1:") {
		t.Error(said)
	}
}

func TestAWebhookThatIsNotTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	for want, h := range map[string]*boxtest.Hook{
		"unknown authority": boxtest.NewHook(t, boxtest.NewAuthority(t), "127.0.0.1", tomorrow()),
		"IP SAN":            boxtest.NewHook(t, b.authority, "hooks.example.org", tomorrow()),
		"expired":           boxtest.NewHook(t, b.authority, "127.0.0.1", time.Now().Add(-time.Hour)),
	} {
		err := b.send(Webhook{Host: b.host, URL: h.URL + "/" + planted, Token: planted, CAFile: trusted}, message())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), planted) || len(h.Posts()) != 0 {
			t.Errorf("%v, not %s; it heard %v", err, want, h.Posts())
		}
	}
	h := boxtest.NewHook(t, b.authority, "127.0.0.1", tomorrow())
	b.put("etc/none.pem", "nothing", 0o644)
	for file, want := range map[string]string{"": "unknown authority", "/etc/none.pem": "holds no certificate", "/etc/absent.pem": "no such file"} {
		if err := b.send(Webhook{Host: b.host, URL: h.URL, CAFile: file}, message()); err == nil || !strings.Contains(err.Error(), want) || len(h.Posts()) != 0 {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestAnAnswerThatIsNoneIsAFailure(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	h := boxtest.NewHook(t, b.authority, "127.0.0.1", tomorrow())
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
		h.Answer(answer)
		before := len(h.Posts())
		err := b.send(way, message())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), planted) || len(h.Posts()) != before+1 {
			t.Errorf("%v, not %s", err, want)
		}
	}
	h.Answer(func(w http.ResponseWriter, r *http.Request) { // it says more than anybody reads
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	b.must(b.send(way, message()))
}
