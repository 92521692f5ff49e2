package dashboard

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/chromium"
	"github.com/hotpair/hotpair/resources/web"
)

// shown is a server of the page, whose pair a test changes.
type shown struct {
	*web.Server
	url string

	mu    sync.Mutex
	in    Input
	looks int
}

func show(t testing.TB, in Input) *shown {
	t.Helper()
	s := &shown{in: in}
	h, err := Handler(Options{Node: "pbx1", Log: slog.New(slog.DiscardHandler), Look: func(context.Context) Input {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.looks++
		return s.in
	}})
	if err == nil {
		s.Server, err = web.Serve(web.Options{Listen: "127.0.83.1:0", Most: Connections, Handler: h, Log: slog.New(slog.DiscardHandler)})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.url = "http://" + s.Addr().String() + "/"
	return s
}

func (s *shown) become(in Input) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in = in
}

// calm insists that the browser objected to nothing, and asked nobody else.
func calm(t *testing.T, tab *chromium.Tab, url string) {
	t.Helper()
	if list := tab.Complaints(); len(list) > 0 {
		t.Errorf("the browser says %q", list)
	}
	for _, request := range tab.Requests() {
		if !strings.HasPrefix(request, url) {
			t.Errorf("it asks %s", request)
		}
	}
	tab.Forget()
}

func now() scenes { return scenes{time.Now()} }

func TestEveryStateIsReadAndFitsAPhone(t *testing.T) {
	tab := chromium.Open(t)
	for _, s := range now().all() {
		t.Run(s.name, func(t *testing.T) {
			page := show(t, s.in)
			tab.Looks(1280, 900, chromium.Light())
			tab.Go(page.url)
			tab.Reads("#live", "live")
			text := tab.Text("body")
			for _, want := range append(s.reads, view{Input: s.in, now: time.Now()}.verdict().Word) {
				if !strings.Contains(text, want) {
					t.Errorf("%q cannot be read in %s", want, text)
				}
			}
			for _, not := range s.never {
				if strings.Contains(text, not) {
					t.Errorf("%q can be read", not)
				}
			}
			if class := chromium.Ask[string](tab, "document.getElementById('verdict').className"); class != "verdict "+s.level.String() {
				t.Errorf("it looks like %s", class)
			}
			for _, width := range []int{360, 640, 1280, 2560} {
				tab.Looks(width, 800, chromium.Light())
				if narrow := chromium.Ask[string](tab, tooNarrow); narrow != "" {
					t.Errorf("in a window of %d these are narrower than what they hold: %s", width, narrow)
				}
				if wide := chromium.Ask[float64](tab, "document.documentElement.scrollWidth"); wide > float64(width) {
					t.Errorf("it is %v wide in a window of %d", wide, width)
				}
			}
			sketch(t, tab, s.name)
			calm(t, tab, page.url)
			tab.Go("about:blank") // before the server ends
			tab.Forget()
		})
	}
}

// tooNarrow names the sections that something hangs out of.
const tooNarrow = `[...document.querySelectorAll("section, article, .verdict .words")].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.id || e.className).join(", ")`

// A picture is how a state looks, for a maintainer or for the README.
type picture struct {
	state         string
	width, height int // 0: all of it
	dark          bool
}

func (p picture) take(t *testing.T, tab *chromium.Tab, file string) {
	t.Helper()
	scheme := chromium.Light()
	if p.dark {
		scheme = chromium.Dark()
	}
	tab.Looks(p.width, 800, scheme)
	text, err := small(tab.Picture(p.width, p.height))
	if err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sketch keeps pictures of a state where a maintainer asks for them.
func sketch(t *testing.T, tab *chromium.Tab, name string) {
	t.Helper()
	dir := os.Getenv("HOTPAIR_PICTURES")
	if dir == "" {
		return
	}
	for look, p := range map[string]picture{"light": {width: 1280}, "dark": {width: 1280, dark: true}, "phone": {width: 360}} {
		p.take(t, tab, filepath.Join(dir, name+"-"+look+".png"))
	}
}

// Those that the README shows, by HOTPAIR_SCREENSHOTS=1.
func TestScreenshots(t *testing.T) {
	if os.Getenv("HOTPAIR_SCREENSHOTS") == "" {
		t.Skip("HOTPAIR_SCREENSHOTS is not set")
	}
	tab := chromium.Open(t)
	for name, p := range map[string]picture{
		"dashboard":         {state: "master-well", width: 1280, height: 1180},
		"dashboard-trouble": {state: "peer-unreachable", width: 1280, height: 880, dark: true},
		"dashboard-phone":   {state: "overwrite-waits", width: 390, height: 844},
	} {
		page := show(t, find(t, p.state))
		tab.Go(page.url)
		tab.Reads("#live", "live")
		p.take(t, tab, filepath.Join("../../examples/screenshots", name+".png"))
		tab.Go("about:blank")
	}
}
