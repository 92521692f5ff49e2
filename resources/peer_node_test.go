package resources

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/peer"
	"github.com/hotpair/hotpair/schema"
)

func peerConfig(t *testing.T, text string) *schema.Config {
	t.Helper()
	cfg, diags := schema.Load([]schema.Source{{Name: "ha.hcl", Text: []byte(text)}}, schema.Options{ReadFile: os.ReadFile, Getenv: os.Getenv})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return cfg
}

func TestThePeerReachesARealDatabaseOverTheBridge(t *testing.T) {
	c := newCluster(t)
	c.write(t, clusterConfig+"/pg_hba.conf", "local all postgres peer\n")
	c.start(t, clusterConfig+"/pg_hba.conf")
	h, err := host.Open(c.root)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := os.MkdirAll(c.path("/var/lib/wazo"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.path("/var/lib/wazo/disabled"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	cfg := peerConfig(t, fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = \"slave\"\n}\npeer {\n  address = \"10.0.0.1\"\n}\ndatabase {\n  url = \"postgres:///postgres?host=%s&port=%d&user=postgres\"\n}\n", clusterSockets, c.port))
	n := PeerNode(cfg, h, "1", func() bool { return false })
	if n.State.Active || n.State.PassiveSince.IsZero() || n.State.Peer != cfg.Peer.Address {
		t.Errorf("got %+v", n.State)
	}
	in, out := pipes(t), pipes(t)
	ended := make(chan error, 1)
	go func() {
		ended <- n.Serve(t.Context(), peer.DatabaseRequest, peer.Streams{In: in[0], Out: out[1], Err: os.Stderr})
		out[1].Close()
	}()
	head := make([]byte, 0, 1000)
	for one := make([]byte, 1); strings.Count(string(head), "\n") < 2; head = append(head, one...) {
		if _, err := out[0].Read(one); err != nil {
			t.Fatal(err, <-ended)
		}
	}
	config, err := pgx.ParseConfig("host=bridge user=postgres dbname=postgres sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	config.LookupFunc = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
	config.DialFunc = func(context.Context, string, string) (net.Conn, error) { return twoFiles{out[0], in[1]}, nil }
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	var user string
	if err := conn.QueryRow(t.Context(), "SELECT current_user").Scan(&user); err != nil || user != "postgres" {
		t.Errorf("%q, %v", user, err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func pipes(t *testing.T) [2]*os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return [2]*os.File{r, w}
}

// twoFiles is a connection that reads from one file and writes to another.
type twoFiles struct{ in, out *os.File }

func (f twoFiles) Read(p []byte) (int, error)         { return f.in.Read(p) }
func (f twoFiles) Write(p []byte) (int, error)        { return f.out.Write(p) }
func (f twoFiles) Close() error                       { return f.out.Close() }
func (f twoFiles) LocalAddr() net.Addr                { return &net.UnixAddr{} }
func (f twoFiles) RemoteAddr() net.Addr               { return &net.UnixAddr{} }
func (f twoFiles) SetReadDeadline(t time.Time) error  { return f.in.SetReadDeadline(t) }
func (f twoFiles) SetWriteDeadline(t time.Time) error { return f.out.SetWriteDeadline(t) }
func (f twoFiles) SetDeadline(t time.Time) error {
	return f.in.SetReadDeadline(t)
}

func TestAPlatformWithoutASignOfPassiveServicesTakesASlaveForPassive(t *testing.T) {
	h, err := host.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for role, active := range map[string]bool{"slave": false, "master": true} {
		cfg := peerConfig(t, fmt.Sprintf("platform = \"asterisk\"\nnode {\n  role = %q\n}\npeer {\n  address = \"10.0.0.1\"\n}\nsip_expiry {\n  max = \"4m\"\n}\n", role))
		if s := PeerNode(cfg, h, "1", func() bool { return false }).State; s.Active != active {
			t.Errorf("%s: %+v", role, s)
		}
	}
}
