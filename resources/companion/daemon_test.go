package companion_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/resources/companion"
	"github.com/hotpair/hotpair/resources/endpoint"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/units"
	"github.com/hotpair/hotpair/resources/web"
)

const (
	nginx  = "nginx.service"
	within = 20 * time.Second // ten times what anything here takes
)

// page is a web page that a test changes.
type page struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	text   string
	asked  int
}

func (p *page) says(status int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.text = status, text
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.status == http.StatusFound {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(p.status)
	_, _ = io.WriteString(w, p.text)
}

// questions is how often it was asked.
func (p *page) questions() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func newPage(t *testing.T, secure bool) *page {
	p := &page{status: http.StatusOK, text: active}
	p.Server = httptest.NewUnstartedServer(p)
	p.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	if secure {
		p.StartTLS()
	} else {
		p.Start()
	}
	t.Cleanup(p.Close)
	return p
}

const (
	active   = `{"node_type": "master", "remote_address": "10.0.0.2", "active": true, "more": [1]}`
	inactive = `{"active": false}`
)

// edge is a machine with a daemon beside a linked node.
type edge struct {
	*boxtest.Systemd
	t   *testing.T
	mu  sync.Mutex
	log bytes.Buffer
	why string
}

func (e *edge) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.log.Write(p)
}

func (e *edge) reason() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.why
}

func follow(t *testing.T, o companion.Options) *edge {
	t.Helper()
	dir := t.TempDir()
	h, err := host.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := &edge{Systemd: boxtest.NewSystemd(t, dir), t: t}
	o.Units, o.Log, o.Interval = units.Set{Host: h, Names: []string{nginx}}, slog.New(slog.NewTextHandler(e, nil)), 20*time.Millisecond
	o.Round = func(reason string) { e.mu.Lock(); e.why = reason; e.mu.Unlock() }
	o.Policy.Rise = 2
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); companion.Run(ctx, o) }()
	t.Cleanup(func() {
		cancel()
		<-ended
		if t.Failed() {
			t.Log(e.log.String())
		}
	})
	return e
}

func (e *edge) soon(what string, is func() bool) {
	e.t.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	e.t.Fatalf("not within %s: %s; %s", within, what, e.reason())
}

func (e *edge) because(part string) {
	e.t.Helper()
	e.soon(part, func() bool { return strings.Contains(e.reason(), part) })
}

// stays insists that nothing is called during further questions.
func (e *edge) stays(p *page, calls string) {
	e.t.Helper()
	from := p.questions()
	e.soon("it goes on asking", func() bool { return p.questions() > from+10 })
	if got := e.Calls(); got != calls {
		e.t.Errorf("called %q, want %q", got, calls)
	}
}

func TestTheUnitRunsOnlyWhileTheNodeIsActive(t *testing.T) {
	t.Parallel()
	node := newPage(t, false)
	node.says(http.StatusOK, inactive)
	e := follow(t, companion.Options{Nodes: []string{node.URL}})
	e.Is(nginx, "active") // as an enabled unit is after the start of the machine
	e.soon("stopped", func() bool { return !e.Runs(nginx) })
	node.says(http.StatusOK, active)
	e.soon("started", func() bool { return e.Runs(nginx) })
	e.because("that the node is active")
	node.says(http.StatusOK, inactive)
	e.soon("stopped", func() bool { return !e.Runs(nginx) })
	e.because("that the node is not active")
}

func TestWhatTellsNothingChangesNothing(t *testing.T) {
	t.Parallel()
	node := newPage(t, false)
	e := follow(t, companion.Options{Nodes: []string{node.URL}})
	e.soon("started", func() bool { return e.Runs(nginx) })
	for _, c := range []struct {
		status    int
		text, why string
	}{
		{503, `{"error": "it is not known yet"}`, "503 Service Unavailable"},
		{500, inactive, "500 Internal Server Error"},
		{302, inactive, "302 Found"},
		{401, inactive, "401 Unauthorized"},
		{200, ``, "no JSON object"},
		{200, `<html>active: false</html>`, "no JSON object"},
		{200, `{"node_type": "slave", "remote_address": "10.0.0.1"}`, "no JSON object"},
		{200, `{"active": "false"}`, "no JSON object"},
		{200, `{"active": null}`, "no JSON object"},
		{200, `{"active": 0}`, "no JSON object"},
		{200, `[{"active": false}]`, "no JSON object"},
		{200, `{"active": false} {"active": false}`, "no JSON object"},
		{200, `{"active": false, "x": "` + strings.Repeat("x", 1<<20) + `"}`, "longer than 65536 bytes"},
		{200, strings.Repeat("[", 60000), "no JSON object"},
	} {
		node.says(http.StatusOK, active)
		e.because("that the node is active")
		node.says(c.status, c.text)
		e.because(c.why)
		e.stays(node, "start nginx.service")
		if why := e.reason(); !strings.Contains(why, "the units stay as they are") || strings.ContainsAny(why, "<[") {
			t.Errorf("%d %.40s: %s", c.status, c.text, why)
		}
	}
	node.Close()
	e.because("connection refused")
	if e.Calls() != "start nginx.service" {
		t.Error(e.Calls())
	}
}

func TestSilenceStopsWhereThatIsAskedFor(t *testing.T) {
	t.Parallel()
	node := newPage(t, false)
	e := follow(t, companion.Options{Nodes: []string{node.URL}, Policy: companion.Policy{Unanswered: time.Second}})
	e.soon("started", func() bool { return e.Runs(nginx) })
	node.Close()
	e.because("so the units stay as they are")
	e.soon("stopped", func() bool { return !e.Runs(nginx) })
	e.because("longer than 1s")
}

func TestTheFirstAddressThatAnswersCounts(t *testing.T) {
	t.Parallel()
	first, second := newPage(t, false), newPage(t, false)
	first.says(http.StatusBadGateway, "")
	e := follow(t, companion.Options{Nodes: []string{first.URL, second.URL}})
	e.soon("started", func() bool { return e.Runs(nginx) })
	first.says(http.StatusOK, inactive)
	e.soon("stopped", func() bool { return !e.Runs(nginx) })
	e.because(first.URL)
}

func TestAStartWaitsForItsGate(t *testing.T) {
	t.Parallel()
	node, gate := newPage(t, false), newPage(t, false)
	gate.says(http.StatusBadGateway, "")
	e := follow(t, companion.Options{Nodes: []string{node.URL}, Gate: gate.URL})
	e.because("the start waits until " + gate.URL + " answers: it answers 502 Bad Gateway")
	e.stays(node, "")
	gate.says(http.StatusNotFound, "")
	e.soon("started", func() bool { return e.Runs(nginx) })
	gate.says(http.StatusBadGateway, "") // no reason to stop what runs
	e.stays(node, "start nginx.service")
	node.says(http.StatusOK, inactive)
	e.soon("stopped", func() bool { return !e.Runs(nginx) })
	node.says(http.StatusOK, active)
	e.because("the start waits")
	e.stays(node, "start nginx.service, stop nginx.service")
	gate.says(http.StatusFound, "")
	e.soon("started again", func() bool { return e.Runs(nginx) })
}

func TestACertificateIsVerifiedUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	node := newPage(t, true)
	e := follow(t, companion.Options{Nodes: []string{node.URL}, TLS: &tls.Config{}})
	e.because("certificate signed by unknown authority")
	if e.Calls() != "" || node.questions() > 0 {
		t.Errorf("%q, %d questions", e.Calls(), node.questions())
	}
}

func TestATrustedCertificateIsTaken(t *testing.T) {
	t.Parallel()
	node := newPage(t, true)
	pool := x509.NewCertPool()
	pool.AddCert(node.Certificate())
	for _, trust := range []*tls.Config{{RootCAs: pool}, {InsecureSkipVerify: true}} {
		e := follow(t, companion.Options{Nodes: []string{node.URL}, TLS: trust})
		e.soon("started", func() bool { return e.Runs(nginx) })
	}
	wrong := strings.Replace(node.URL, "127.0.0.1", "localhost", 1)
	e := follow(t, companion.Options{Nodes: []string{wrong}, TLS: &tls.Config{RootCAs: pool}})
	e.because("certificate is valid for")
}

func TestANodeThatHangsIsSilence(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.83.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // takes connections by its backlog, and never answers
	e := follow(t, companion.Options{Nodes: []string{"http://" + l.Addr().String()}})
	e.because("the units stay as they are")
	if e.Calls() != "" {
		t.Error(e.Calls())
	}
}

func TestItFollowsHotpairsOwnEndpoint(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	state, known := endpoint.State{}, false
	s, err := web.Serve(web.Options{Listen: "127.0.83.2:0", Log: slog.New(slog.DiscardHandler),
		Handler: endpoint.Handler(func() (endpoint.State, bool) { mu.Lock(); defer mu.Unlock(); return state, known })})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, path := range []string{endpoint.StockPath, endpoint.OwnPath} {
		mu.Lock()
		state, known = endpoint.State{}, false
		mu.Unlock()
		e := follow(t, companion.Options{Nodes: []string{fmt.Sprintf("http://%s%s", s.Addr(), path)}})
		e.because("503 Service Unavailable")
		mu.Lock()
		state.Active, known = true, true
		mu.Unlock()
		e.soon("started", func() bool { return e.Runs(nginx) })
		mu.Lock()
		state.Active = false
		mu.Unlock()
		e.soon("stopped", func() bool { return !e.Runs(nginx) })
	}
}
