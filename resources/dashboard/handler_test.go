package dashboard

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// get asks a server for a path.
func (s *shown) get(t *testing.T, path string, head ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(head); i += 2 {
		request.Header.Set(head[i], head[i+1])
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestThePageIsGuarded(t *testing.T) {
	s := show(t, now().master())
	answer, body := s.get(t, "")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Content-Type": "text/html; charset=utf-8",
	} {
		if got := answer.Header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onload=") || strings.Contains(body, "://") {
		t.Errorf("it needs more than its policy lets it have:\n%s", body)
	}
	for _, path := range []string{"x", "index.html", "static/style.css", "style.css", "../doc.go", "pages/main.html", "events/", "status.json/"} {
		if answer, body := s.get(t, path); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s %s", path, answer.Status, body)
		}
	}
}

func TestWhatBelongsToThePageMayBeKept(t *testing.T) {
	s := show(t, now().master())
	files, err := newAssets()
	if err != nil || len(files) != 6 {
		t.Fatal(files, err)
	}
	_, page := s.get(t, "")
	for name, file := range files {
		answer, body := s.get(t, name)
		tag := answer.Header.Get("ETag")
		if answer.StatusCode != 200 || body != string(file.text) || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || tag == "" {
			t.Errorf("%s: %s %v", name, answer.Status, answer.Header)
		}
		if again, body := s.get(t, name, "If-None-Match", tag); again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s again: %s", name, again.Status)
		}
		if !strings.HasSuffix(name, ".svg") && !strings.Contains(page, `"`+name+`"`) {
			t.Errorf("the page does not use %s", name)
		}
	}
}

func TestMachinesReadTheSame(t *testing.T) {
	for _, c := range now().all() {
		s := show(t, c.in)
		answer, body := s.get(t, "status.json")
		var said struct {
			Node    string
			Known   bool
			Verdict struct{ Level, Title, Serves string }
			Status  struct{ Platform string }
			History []struct{ What string }
			Events  []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(body), &said); err != nil || answer.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %v %v", c.name, err, answer.Header)
		}
		if said.Node != "pbx1" || said.Known != c.in.Known || said.Verdict.Level != c.level.String() || said.Verdict.Title == "" || said.Status.Platform != c.in.Status.Platform || len(said.History) > mostRuns || len(said.Events) != min(len(c.in.Events), mostEvents) {
			t.Errorf("%s: %+v", c.name, said)
		}
	}
}

// recorder is a page's feed without a browser.
func recorded(look func(context.Context) Input) *feed {
	files, err := newAssets()
	if err != nil {
		return nil
	}
	render, err := newRenderer("pbx1", files)
	if err != nil {
		return nil
	}
	return &feed{look: look, render: render, failed: func(error) {}}
}

func TestOneLookServesEverybodyAndNobodyLooksForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		f := recorded(func(context.Context) Input {
			looks++
			return scenes{time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)}.master()
		})
		var leave []func()
		for range 100 {
			leave = append(leave, f.listen(t.Context()))
		}
		synctest.Wait()
		first, changed := f.next()
		time.Sleep(time.Minute + time.Second)
		last, _ := f.next()
		if looks != 31 || first == nil || first.edition != last.edition {
			t.Errorf("%d looks in a minute", looks)
		}
		select {
		case <-changed:
			t.Error("time alone is told as a change")
		default:
		}
		for _, l := range leave {
			l()
		}
		time.Sleep(time.Hour)
		if looks > 32 {
			t.Errorf("%d looks for nobody", looks-31)
		}
		var group sync.WaitGroup
		before := looks
		for range 100 {
			group.Go(func() { f.now(t.Context()) })
		}
		group.Wait()
		if looks != before+1 {
			t.Errorf("%d looks for 100 pages", looks-before)
		}
	})
}

func TestALookThatHangsHoldsNoPageUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := make(chan struct{})
		slow := false
		f := recorded(func(context.Context) Input {
			if slow {
				<-hangs
			}
			return unlooked()
		})
		first := f.now(t.Context())
		slow = true
		time.Sleep(time.Minute)
		began := time.Now()
		if s := f.now(t.Context()); s != first || time.Since(began) > waitLimit {
			t.Errorf("after %s: %p, %p", time.Since(began), s, first)
		}
		close(hangs)
		synctest.Wait()
	})
}

func TestAPageThatCannotBeMadeEndsNothing(t *testing.T) {
	var log strings.Builder
	h, err := Handler(Options{Node: "pbx1", Log: slog.New(slog.NewTextHandler(&log, nil)), Look: func(context.Context) Input {
		var nothing *Input
		return *nothing
	}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "nothing is known yet") || !strings.Contains(log.String(), "the dashboard cannot be shown") {
		t.Errorf("%d %s", w.Code, log.String())
	}
}

// events reads a stream until an event of a name, and gives its data.
func events(t *testing.T, lines *bufio.Scanner, name string) string {
	t.Helper()
	found := false
	for lines.Scan() {
		switch data, is := strings.CutPrefix(lines.Text(), "data:"); {
		case lines.Text() == "event: "+name:
			found = true
		case is && found:
			return strings.TrimSpace(data)
		}
	}
	t.Fatal("the stream ended", lines.Err())
	return ""
}

func TestAStreamTellsWhatChangedAndOutlivesTheServersLimits(t *testing.T) {
	t.Parallel()
	s := show(t, now().master())
	answer, err := http.Get(s.url + "events?has=other")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" || answer.Header.Get("X-Accel-Buffering") != "no" {
		t.Errorf("%v", answer.Header)
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	var first, second told
	if err := json.Unmarshal([]byte(events(t, lines, "page")), &first); err != nil {
		t.Fatal(err)
	}
	events(t, lines, "beat") // which comes after the limits of the server
	s.become(now().standby())
	if err := json.Unmarshal([]byte(events(t, lines, "page")), &second); err != nil {
		t.Fatal(err)
	}
	if first.Edition == second.Edition || !strings.Contains(first.Main, "This node, the master, serves.") || !strings.Contains(second.Main, "This node stands by.") {
		t.Errorf("%s, %s", first.Title, second.Title)
	}
}

func TestTooManyListenersAreRefusedAndPagesAreNot(t *testing.T) {
	s := show(t, now().master())
	var open []io.Closer
	t.Cleanup(func() {
		for _, body := range open {
			body.Close()
		}
	})
	client := http.Client{Transport: &http.Transport{}}
	refused := 0
	for range mostListeners + 3 {
		answer, err := client.Get(s.url + "events")
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, answer.Body)
		if answer.StatusCode == http.StatusServiceUnavailable {
			refused++
		}
	}
	if answer, _ := s.get(t, ""); refused != 3 || answer.StatusCode != 200 {
		t.Errorf("%d refused, %s", refused, answer.Status)
	}
}
