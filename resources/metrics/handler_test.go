package metrics

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// promtool runs Prometheus's own judge of formats and rules.
func promtool(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("promtool"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("a test needs promtool: make needs-promtool")
		}
		t.Skip("promtool is not installed")
	}
	cmd := exec.Command("promtool", args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// ask asks a server of the metrics.
func ask(t *testing.T, base, path, accept string) (body string, r *http.Response) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Accept", accept)
	r, err = http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	all, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(all), r
}

func TestTheMetricsPassPrometheusOwnJudge(t *testing.T) {
	s := httptest.NewServer(Handler(func(context.Context) Sample { return full() }, counted()))
	defer s.Close()
	body, _ := ask(t, s.URL, Path, "")
	if said := promtool(t, body, "check", "metrics"); said != "" {
		t.Error(said)
	}
	if said := promtool(t, text(t, full(), counted()), "check", "metrics"); said != "" {
		t.Error(said)
	}
	for _, name := range []string{"\ngo_goroutines ", "\nprocess_open_fds ", "\nprocess_resident_memory_bytes "} {
		if !strings.Contains(body, name) {
			t.Errorf("lacks%s", name)
		}
	}
	if strings.Contains(body, "hotpair_textfile") {
		t.Error("there is no file")
	}
}

func TestTheFormatIsTheOneAskedFor(t *testing.T) {
	s := httptest.NewServer(Handler(func(context.Context) Sample { return full() }, NewCounts()))
	defer s.Close()
	body, r := ask(t, s.URL, Path, "application/openmetrics-text;version=1.0.0")
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/openmetrics-text") || !strings.HasSuffix(body, "# EOF\n") || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v, ends with %q", r.Header, body[max(0, len(body)-20):])
	}
	if _, r := ask(t, s.URL, Path, "text/html"); !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Errorf("%v", r.Header)
	}
	for _, path := range []string{"/", "/metrics/", "/debug/pprof/", "/%6detrics", "/metrics/../etc/passwd"} {
		if body, r := ask(t, s.URL, path, ""); r.StatusCode != http.StatusNotFound || strings.Contains(body, "hotpair_") {
			t.Errorf("%s: %d %s", path, r.StatusCode, body)
		}
	}
}

// A Source that does not end holds up its own answer alone, and not for ever.
func TestASourceThatHangsIsGivenUp(t *testing.T) {
	s := httptest.NewServer(Handler(func(ctx context.Context) Sample {
		<-ctx.Done()
		return Sample{Version: "late"}
	}, NewCounts()))
	defer s.Close()
	if body, _ := ask(t, s.URL, Path, ""); !strings.Contains(body, `version="late"`) {
		t.Error(body)
	}
}
