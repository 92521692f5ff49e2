package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/web"
)

func TestASocketMayHaveAPathThatTheKernelDoesNotTake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 40))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(dir, "dashboard.sock")
	options := web.Options{Listen: at, Mode: 0o600, Log: slog.New(slog.DiscardHandler), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "here")
	})}
	s, err := web.Serve(options)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(at); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		return web.Dial(at, time.Minute)
	}}}
	answer, err := client.Get("http://localhost/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "here" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := web.Serve(options); err == nil || !strings.Contains(err.Error(), "somebody else listens there") {
		t.Errorf("a second one: %v", err)
	}
	s.Close()
	if _, err := os.Lstat(at); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}
