// Package chromium gives tests a browser without a window: Debian's Chromium,
// driven over the DevTools protocol. It ends with the test. Where it is not
// installed, the test is skipped, unless the environment variable CI is set: then
// it fails.
package chromium

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Program is the browser, as Debian names it.
const Program = "chromium"

// limit is how long anything may take that a test waits for.
const limit = 30 * time.Second

// Tab is a browser with one page.
type Tab struct {
	testing.TB
	ctx context.Context

	mu         sync.Mutex
	requests   []string
	complaints []string
}

// Open starts a browser.
func Open(t testing.TB) *Tab {
	t.Helper()
	path, err := exec.LookPath(Program)
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal("a test needs Chromium: apt-get install chromium")
	default:
		t.Skip("Chromium is needed: apt-get install chromium")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ctx, _ = chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(time.Minute)))
	tab := &Tab{TB: t, ctx: ctx}
	t.Cleanup(func() {
		defer cancel()
		if err := chromedp.Cancel(ctx); err != nil {
			t.Error("the browser did not end:", err)
		}
	})
	tab.must(chromedp.Listen(ctx, tab.hear))
	tab.must(call(tab, network.Enable, network.EnableParams{}))
	return tab
}

func (t *Tab) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hear notes what the page asks for, and what the browser objects to.
func (t *Tab) hear(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		t.requests = append(t.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		t.complaints = append(t.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		t.complaints = append(t.complaints, "the console: "+string(e.Type))
	case *log.EventEntryAdded:
		t.complaints = append(t.complaints, e.Entry.Text+" "+e.Entry.URL)
	}
}

// Go loads a page.
func (t *Tab) Go(url string) {
	t.Helper()
	t.must(chromedp.Do(t.ctx, chromedp.Navigate(url)))
}

// Text is what a person reads in an element, with single spaces.
func (t *Tab) Text(selector string) string {
	t.Helper()
	return Ask[string](t, "document.querySelector("+quoted(selector)+").innerText.replace(/\\s+/g, ' ').trim()")
}

// Reads waits until something can be read.
func (t *Tab) Reads(selector, text string) {
	t.Helper()
	t.Becomes(text, func() bool { return strings.Contains(t.Text(selector), text) })
}

// Becomes waits until something is so.
func (t *Tab) Becomes(what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("not within %s: %s", limit, what)
}

// Looks sets what the page is shown on: a window, light or dark, paper or a
// screen.
func (t *Tab) Looks(width, height int, features ...*emulation.MediaFeature) {
	t.Helper()
	t.must(chromedp.Do(t.ctx, chromedp.EmulateViewport(int64(width), int64(height))))
	t.must(call(t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}))
}

// Dark and Light are the two schemes of colours.
func Dark() *emulation.MediaFeature {
	return &emulation.MediaFeature{Name: "prefers-color-scheme", Value: "dark"}
}

// Light is the other one.
func Light() *emulation.MediaFeature {
	return &emulation.MediaFeature{Name: "prefers-color-scheme", Value: "light"}
}

// WithoutScripts has pages that are loaded from now on run no script.
func (t *Tab) WithoutScripts() {
	t.Helper()
	t.must(call(t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
}

// Press presses a key.
func (t *Tab) Press(key string) {
	t.Helper()
	t.must(chromedp.Do(t.ctx, chromedp.KeyEvent(key)))
}

// Requests are the addresses that were asked for.
func (t *Tab) Requests() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string{}, t.requests...)
}

// Complaints are errors of scripts, and what the browser refused.
func (t *Tab) Complaints() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string{}, t.complaints...)
}

// Forget forgets both.
func (t *Tab) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests, t.complaints = nil, nil
}
