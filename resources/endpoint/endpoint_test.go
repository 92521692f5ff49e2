package endpoint_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/resources/endpoint"
	"github.com/hotpair/hotpair/resources/web"
)

// serve starts a server that tells what a test says.
func serve(t *testing.T, o web.Options) *web.Server {
	t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	if o.Handler == nil {
		o.Handler = endpoint.Handler(func() (endpoint.State, bool) { return standing(), true })
	}
	s, err := web.Serve(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func standing() endpoint.State {
	return endpoint.State{Stock: endpoint.Stock{NodeType: "slave", RemoteAddress: "10.0.0.1", Active: true},
		Since: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Peer: "unreachable"}
}

// said is what a server answers to the bytes of a request.
func said(t *testing.T, s *web.Server, request string) (head, body string) {
	t.Helper()
	conn, err := net.Dial(s.Addr().Network(), s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(conn, request) }()
	text, err := io.ReadAll(conn)
	if err != nil && len(text) == 0 {
		return "", err.Error()
	}
	head, body, _ = strings.Cut(string(text), "\r\n\r\n")
	return head, body
}

func request(method, path, host string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", method, path, host)
}

const (
	stock = `{"node_type":"slave","remote_address":"10.0.0.1","active":true}`
	own   = `{"node_type":"slave","remote_address":"10.0.0.1","active":true,"since":"2026-05-04T03:02:01Z","peer":"unreachable"}`
)

func TestBothPathsTellWhetherTheNodeServes(t *testing.T) {
	s := serve(t, web.Options{Listen: "127.0.81.1:0"})
	for path, want := range map[string]string{endpoint.StockPath: stock, endpoint.OwnPath: own, endpoint.OwnPath + "?_=1": own} {
		head, body := said(t, s, request("GET", path, s.Addr().String()))
		if body != want+"\n" || !strings.HasPrefix(head, "HTTP/1.1 200 ") || !strings.Contains(head, "Content-Type: application/json") || !strings.Contains(head, "no-store") {
			t.Errorf("%s: %s\n%s", path, head, body)
		}
		asked, body := said(t, s, request("HEAD", path, s.Addr().String()))
		if body != "" || !strings.Contains(asked, fmt.Sprintf("Content-Length: %d", len(want)+1)) || !strings.HasPrefix(asked, "HTTP/1.1 200 ") {
			t.Errorf("HEAD %s: %s\n%s", path, asked, body)
		}
	}
}

func TestWhatIsNotKnownYetIsNotInactive(t *testing.T) {
	s := serve(t, web.Options{Listen: "127.0.81.1:0", Handler: endpoint.Handler(func() (endpoint.State, bool) { return endpoint.State{}, false })})
	head, body := said(t, s, request("GET", endpoint.StockPath, "localhost"))
	if !strings.HasPrefix(head, "HTTP/1.1 503 ") || strings.Contains(body, "active") || !strings.Contains(head, "Retry-After: 1") {
		t.Errorf("%s\n%s", head, body)
	}
}

func TestOnlyReadingAndOnlyTwoPaths(t *testing.T) {
	s := serve(t, web.Options{Listen: "127.0.81.1:0"})
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "BREW"} {
		head, body := said(t, s, request(method, endpoint.StockPath, "localhost"))
		if !strings.HasPrefix(head, "HTTP/1.1 405 ") || !strings.Contains(head, "Allow: GET, HEAD") || strings.Contains(body, "node_type") {
			t.Errorf("%s: %s\n%s", method, head, body)
		}
	}
	for _, path := range []string{"/", "//v1/ha", "/v1/ha/", "/v1/../v1/ha", "/v1%2Fha", "/v1/ha%00", "/V1/HA", "/etc/passwd", "/configmgt/api/2.0/sysconfd/", "/debug/pprof/"} {
		head, body := said(t, s, request("GET", path, "localhost"))
		if !strings.HasPrefix(head, "HTTP/1.1 404 ") || strings.Contains(body, "node_type") || strings.Contains(head, "Location") {
			t.Errorf("%s: %s\n%s", path, head, body)
		}
	}
	if head, body := said(t, s, request("OPTIONS", "*", "localhost")); !strings.HasPrefix(head, "HTTP/1.1 405 ") {
		t.Errorf("OPTIONS *: %s\n%s", head, body)
	}
}

func TestAHostOfAnotherSiteIsRefused(t *testing.T) {
	s := serve(t, web.Options{Listen: "127.0.81.1:0", Names: []string{"XiVO.example.org"}})
	at := s.Addr().String()
	for host, status := range map[string]string{
		at: "200", "127.0.81.1": "200", "127.0.0.1:80": "200", "localhost": "200", "LOCALHOST.:9180": "200", "[::1]:9180": "200", "xivo.example.org": "200", "xivo.example.org:443": "200",
		"evil.example": "421", "evil.example:9180": "421", "10.0.0.1": "421", "localhost.evil.example": "421", "xivo.example.org.evil": "421",
		"[::]": "421", "0.0.0.0": "421", "127.1": "421", "127.0.0.1.nip.io": "421", "*": "421", "2130706433": "421", "a@127.0.0.1": "400",
		"evil\x00": "400", "a b": "400",
	} {
		head, body := said(t, s, request("GET", endpoint.OwnPath, host))
		if !strings.HasPrefix(head, "HTTP/1.1 "+status+" ") || status != "200" && strings.Contains(body, "node_type") {
			t.Errorf("%q: %s\n%s", host, head, body)
		}
	}
	for what, c := range map[string]struct{ request, status string }{
		"two hosts":       {"GET /v1/ha HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", "400"},
		"no host":         {"GET /v1/ha HTTP/1.1\r\n\r\n", "400"},
		"none in 1.0":     {"GET /v1/ha HTTP/1.0\r\n\r\n", "200"},
		"a whole URL":     {"GET http://evil.example/v1/ha HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "421"},
		"a forwarded one": {"GET /v1/ha HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\nConnection: close\r\n\r\n", "421"},
	} {
		if head, body := said(t, s, c.request); !strings.Contains(head, " "+c.status+" ") {
			t.Errorf("%s: %s\n%s", what, head, body)
		}
	}
}

func TestHostileBytesGetNothing(t *testing.T) {
	s := serve(t, web.Options{Listen: "127.0.81.1:0"})
	for what, text := range map[string]string{
		"a large header": "GET /v1/ha HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		"many headers":   "GET /v1/ha HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("X: y\r\n", 1<<16) + "\r\n",
		"a long path":    "GET /" + strings.Repeat("x", 1<<20) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"TLS":            "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"SIP":            "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n\r\n",
		"smuggling":      "GET /v1/ha HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
	} {
		if head, body := said(t, s, text); strings.Contains(body, "node_type") || strings.Contains(head, " 200 ") {
			t.Errorf("%s: %.200s\n%s", what, head, body)
		}
	}
	if _, body := said(t, s, request("GET", endpoint.StockPath, "localhost")); body != stock+"\n" {
		t.Errorf("it does not answer any more: %s", body)
	}
}

func TestWhoSendsSlowlyOrNothingIsCutOffAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s := serve(t, web.Options{Listen: "127.0.81.1:0"})
	for range 80 { // more than are served at a time
		conn, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET /v1/ha HT"); err != nil {
			t.Fatal(err)
		}
	}
	if _, body := said(t, s, request("GET", endpoint.StockPath, "localhost")); body != stock+"\n" {
		t.Errorf("not answered: %s", body)
	}
}

func TestAnIPv6AddressIsAnswered(t *testing.T) {
	s := serve(t, web.Options{Listen: "[::1]:0"})
	if head, body := said(t, s, request("GET", endpoint.StockPath, s.Addr().String())); body != stock+"\n" {
		t.Errorf("%s\n%s", head, body)
	}
	if head, _ := said(t, s, request("GET", endpoint.StockPath, "[2001:db8::1]:80")); !strings.HasPrefix(head, "HTTP/1.1 421 ") {
		t.Error(head)
	}
}

func TestAnyAddressAnswersForTheOneThatWasReached(t *testing.T) {
	s := serve(t, web.Options{Listen: "[::]:0"})
	_, port, err := net.SplitHostPort(s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get("http://127.0.82.7:" + port + endpoint.StockPath)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || string(body) != stock+"\n" {
		t.Errorf("%s %s %v", answer.Status, body, err)
	}
}

func TestASocketOfAKilledDaemonIsTakenOverAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	at := filepath.Join(dir, "ha.sock")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: at})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(why string) {
		t.Helper()
		if s, err := web.Serve(web.Options{Listen: at, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%v", err)
			if s != nil {
				s.Close()
			}
		}
	}
	refused("somebody else listens there")
	left.SetUnlinkOnClose(false)
	left.Close()
	s := serve(t, web.Options{Listen: at})
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", at)
	}}}
	answer, err := client.Get("http://localhost" + endpoint.StockPath)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || line != stock+"\n" {
		t.Errorf("%s %v", line, err)
	}
	if info, err := os.Stat(at); err != nil || info.Mode().Perm() != 0o666 {
		t.Errorf("%v, %v", info, err)
	}
	s.Close()
	if err := os.WriteFile(at, []byte("of somebody"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused("something else stands there")
}

func TestAnAddressInUseIsTold(t *testing.T) {
	s := serve(t, web.Options{Listen: "127.0.81.1:0"})
	if _, err := web.Serve(web.Options{Listen: s.Addr().String()}); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Error(err)
	}
}
