package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/chromium"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/reconcile/loop"
	"github.com/hotpair/hotpair/resources/hints"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/web"
)

// Whoever looks sees what changes without loading the page again, and that the
// daemon is gone when it is.
func TestTheDashboardFollowsThePair(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.85.9")
	g := guard(t, "127.0.85.1", fmt.Sprintf("dashboard {\n  listen = %q\n}\n", at))
	tab := chromium.Open(t)
	g.watch()
	tab.Go("http://" + at + "/")
	tab.Reads("#here", "stands by")
	tab.Reads("#there", "healthy")
	tab.Reads("#failover", "witness 127.0.0.9")
	tab.Reads("#live", "live")
	chromium.Ask[bool](tab, "window.stays = true")
	g.must(g.master.Kill())
	tab.Reads("#verdict", "The master's telephony does not answer")
	tab.Reads("#verdict", "Nobody is seen to serve")
	tab.Reads("#said", "The master's telephony does not answer")
	tab.Becomes("the title tells", func() bool { return strings.Contains(chromium.Ask[string](tab, "document.title"), "does not answer") })
	tab.Reads("#verdict", "This node serves in place of the master")
	tab.Reads("#here", "serves")
	tab.Reads("#events", "This node serves: ")
	g.must(g.master.Restart(t.Context()))
	tab.Reads("#here", "stands by")
	if list := tab.Complaints(); len(list) > 0 {
		t.Errorf("the browser says %q", list)
	}

	g.must(g.cmd.Process.Signal(syscall.SIGTERM))
	tab.Reads("#stale", "Nothing was heard of the daemon since")
	tab.Reads("#live", "not live")
	_ = g.cmd.Wait()
	g.watch()
	tab.Reads("#live", "live")
	tab.Becomes("the banner goes", func() bool { return chromium.Ask[bool](tab, "document.getElementById('stale').hidden") })
	if !chromium.Ask[bool](tab, "window.stays === true") {
		t.Error("the page was loaded again")
	}
}

// overSocket asks the dashboard of a node at its usual place.
func overSocket(w *watched, method, host string) (status int, body string) {
	w.t.Helper()
	client := http.Client{Timeout: within, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		return web.Dial(filepath.Join(w.dir, "run/hotpair/dashboard.sock"), within)
	}}}
	request, err := http.NewRequestWithContext(w.t.Context(), method, "http://localhost/", nil)
	w.must(err)
	request.Host = host
	answer, err := client.Do(request)
	w.must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	w.must(err)
	return answer.StatusCode, string(text)
}

func TestTheDashboardIsRootsAloneUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	w := settled(t).watch()
	info, err := os.Stat(filepath.Join(w.dir, "run/hotpair/dashboard.sock"))
	w.must(err)
	if info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("its socket is %s", info.Mode())
	}
	status, body := overSocket(w, "GET", "localhost:8080")
	if status != http.StatusOK {
		t.Errorf("%d", status)
	}
	w.contains(body, "hotpair does not watch the other node", "10.0.0.2", "<title>")
	for _, c := range []struct {
		method, host string
		status       int
	}{
		{"HEAD", "localhost", 200}, {"POST", "localhost", 405}, {"PUT", "localhost", 405}, {"DELETE", "localhost", 405}, {"OPTIONS", "localhost", 405},
		{"GET", "evil.example", 421}, {"GET", "localhost.evil.example", 421}, {"GET", "10.0.0.1", 421},
	} {
		if status, body := overSocket(w, c.method, c.host); status != c.status || status != 200 && strings.Contains(body, "10.0.0.2") {
			t.Errorf("%s to %s: %d %s", c.method, c.host, status, body)
		}
	}
	w.put("etc/hotpair/ha.d/off.hcl", "dashboard {\n  enabled = false\n}\n")
	w.eventually("it is gone", func() bool {
		_, err := os.Stat(filepath.Join(w.dir, "run/hotpair/dashboard.sock"))
		return os.IsNotExist(err)
	})
	w.put("etc/hotpair/ha.d/off.hcl", "")
	w.eventually("it is there again", func() bool {
		conn, err := web.Dial(filepath.Join(w.dir, "run/hotpair/dashboard.sock"), time.Second)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// Each secret is in ha.hcl, in its place or in a wrong one; the daemon looks once,
// and everything that the dashboard serves is read.
func TestSecretsAreOnNoPage(t *testing.T) {
	t.Setenv("HOTPAIR_TOKEN", planted)
	for name, block := range plantings() {
		b := newBox(t, "wazo")
		b.put("etc/hotpair/pl4nted.key", planted+"\n")
		b.declare("master", "10.0.0.2", block)
		log := &lockedBuffer{}
		a := &app{stdio: stdio{in: strings.NewReader(""), out: io.Discard, err: log}, root: b.dir, quiet: true, logLevel: "debug", logStyle: "text"}
		b.must(a.setUp())
		h, err := host.Open(b.dir)
		b.must(err)
		life, err := h.Lock(t.Context(), status.WatchLock, disk.Holder{PID: os.Getpid(), Command: "hotpair watch", Since: time.Now()}, 0)
		b.must(err)
		daemon := newWatching(a, h, &hints.Watcher{})
		_, _ = daemon.pass(t.Context(), loop.Tick) // many of them cannot be used
		said := log.String()
		for _, path := range []string{"/", "/status.json"} {
			answer := httptest.NewRecorder()
			daemon.answer.page.ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
			if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "ha.hcl") {
				t.Errorf("%s: %s: %d %s", name, path, answer.Code, answer.Body)
			}
			said += answer.Body.String()
		}
		daemon.leave()
		life.Release()
		b.search(said)
		b.must(h.Close())
	}
}
