package provd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// served is a client of a server that answers so.
func served(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return client(t, Options{URL: s.URL + "/0.2", Token: "the-token"})
}

func client(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o, func(string) ([]byte, error) { return []byte("service_id: me\nservice_key: 'the-key'\n"), nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestAnswersThatAreNoneAreNamed(t *testing.T) {
	for answer, want := range map[string]string{
		`{"configs":[{"id":"a"},{"id":"a"}]}`: `two documents have the id "a"`,
		`{"configs":[{"id":"../a"}]}`:         `cannot be the id of a document`,
		`{"configs":[{"id":"a\u0000"}]}`:      `cannot be the id of a document`,
		`{"configs":[{}]}`:                    `"" cannot be the id`,
		`{"configs":{}}`:                      `it has no list "configs"`,
		`{"configs":[]} {"configs":[]}`:       `something follows the JSON`,
		`{"configs":[`:                        `not the JSON that was expected`,
		"":                                    `not the JSON that was expected`,
		"\x1b[2J":                             `not the JSON that was expected`,
	} {
		c := served(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) })
		_, err := c.Configs(t.Context(), nil)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "GET /cfg_mgr/configs") {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestRefusalsAreNamed(t *testing.T) {
	for status, want := range map[int]string{
		401: "lacks the right provd.#", 404: "it is not there", 500: "is answered 500: no \uFFFD[2J way", 302: "sends elsewhere", 415: "is answered 415",
	} {
		c := served(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://203.0.113.1/")
			w.WriteHeader(status)
			io.WriteString(w, "no \x1b[2J way\nsecond line")
		})
		err := c.Put(t.Context(), Document{"id": "a"})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "the-token") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestNobodyThereIsTold(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	if err := client(t, Options{URL: s.URL}).Ping(t.Context()); !errors.Is(err, ErrDown) {
		t.Errorf("got %v", err)
	}
}

func TestAHangIsNotWaitedForAndAnInterruptionIsHeard(t *testing.T) {
	end := make(chan struct{})
	c := served(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-end:
		case <-r.Context().Done():
		}
	})
	defer close(end)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Configs(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	began := time.Now()
	if err := c.Ping(t.Context()); err == nil || time.Since(began) > 10*reachable {
		t.Errorf("got %v after %s", err, time.Since(began))
	}
}

func TestAPasswordInAURLIsInNoError(t *testing.T) {
	c := client(t, Options{URL: "http://user:the-password@127.0.0.1:1/0.2", AuthURL: "http://user:the-password@127.0.0.1:1"})
	for _, err := range []error{c.Ping(t.Context()), c.Put(t.Context(), Document{"id": "a"})} {
		if err == nil || strings.Contains(err.Error(), "the-password") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := New(Options{URL: "http://u:the-password@\x7f"}, nil); err == nil || strings.Contains(err.Error(), "the-password") {
		t.Errorf("got %v", err)
	}
}

func TestTokensAreSharedAndRenewedBeforeTheyEnd(t *testing.T) {
	var given atomic.Int32
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			id, key, _ := r.BasicAuth()
			body, _ := io.ReadAll(r.Body)
			if id != "me" || key != "the-key" || string(body) != `{"expiration":7200}` {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			end := now.Add(2 * time.Hour).Format("2006-01-02T15:04:05.000000")
			fmt.Fprintf(w, `{"data":{"token":"t%d","expires_at":"2026-01-01T00:00:00","utc_expires_at":%q}}`, given.Add(1), end)
			return
		}
		io.WriteString(w, `{"configs":[]}`)
	}))
	t.Cleanup(s.Close)
	c := client(t, Options{URL: s.URL + "/0.2", AuthURL: s.URL + "/0.1/"})
	c.tokens.now = func() time.Time { return now }
	err := c.Each(t.Context(), 20, func(ctx context.Context, _ int) error {
		_, err := c.Configs(ctx, nil)
		return err
	})
	if err != nil || given.Load() != 1 {
		t.Fatalf("%d tokens, %v", given.Load(), err)
	}
	now = now.Add(107 * time.Minute)
	if _, err := c.Configs(t.Context(), nil); err != nil || given.Load() != 1 {
		t.Errorf("%d tokens, %v", given.Load(), err)
	}
	now = now.Add(2 * time.Minute)
	if _, err := c.Configs(t.Context(), nil); err != nil || given.Load() != 2 {
		t.Errorf("%d tokens, %v", given.Load(), err)
	}
}

func TestEachStopsAtAnErrorAndWaits(t *testing.T) {
	c := client(t, Options{URL: "http://127.0.0.1:1"})
	var begun, ended atomic.Int32
	err := c.Each(t.Context(), 1000, func(_ context.Context, i int) error {
		begun.Add(1)
		defer ended.Add(1)
		if i == 10 {
			return errors.New("the tenth")
		}
		time.Sleep(time.Millisecond)
		return nil
	})
	if err == nil || err.Error() != "the tenth" || begun.Load() > 30 || begun.Load() != ended.Load() {
		t.Errorf("%v; %d begun, %d ended", err, begun.Load(), ended.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Each(ctx, 5, func(context.Context, int) error { t.Error("called"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAnOperationIsClearedAwayHoweverItEnds(t *testing.T) {
	for status, want := range map[string]error{"success": nil, "fail": ErrNotSynchronized, "progress": context.Canceled} {
		var cleared atomic.Int32
		ctx, cancel := context.WithCancel(t.Context())
		c := served(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.Method {
			case http.MethodPost:
				w.Header().Set("Location", "http://203.0.113.1/0.2/dev_mgr/synchronize/7")
				w.WriteHeader(http.StatusCreated)
			case http.MethodGet:
				fmt.Fprintf(w, `{"status":%q}`, status)
				if status == "progress" {
					cancel()
				}
			default:
				cleared.Add(1)
				w.WriteHeader(http.StatusNoContent)
			}
		})
		if err := c.Synchronize(ctx, "dev"); !errors.Is(err, want) || cleared.Load() != 1 {
			t.Errorf("%s: %v, cleared %d times", status, err, cleared.Load())
		}
		cancel()
	}
}
