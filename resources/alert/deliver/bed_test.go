package deliver

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/smtpd"
	"github.com/hotpair/hotpair/resources/host"
)

const planted = "pl4nted"

// bed is a node with a file of certificates that it trusts.
type bed struct {
	t         testing.TB
	host      *host.Host
	dir       string
	authority *boxtest.Authority
}

const trusted = "/etc/ca.pem"

func newBed(t testing.TB) *bed {
	t.Helper()
	dir := t.TempDir()
	h, err := host.Open(dir)
	b := &bed{t: t, host: h, dir: dir, authority: boxtest.NewAuthority(t)}
	b.must(err)
	t.Cleanup(func() { h.Close() })
	b.must(os.MkdirAll(filepath.Join(dir, "etc"), 0o755))
	text, err := os.ReadFile(b.authority.File)
	b.must(err)
	b.put(trusted, string(text), 0o644)
	return b
}

func (b *bed) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) put(name, text string, mode os.FileMode) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	b.must(os.MkdirAll(filepath.Dir(path), 0o755))
	b.must(os.WriteFile(path, []byte(text), mode))
}

func (b *bed) get(name string) string {
	text, _ := os.ReadFile(filepath.Join(b.dir, name)) // one that is not there is empty
	return string(text)
}

// mailServer is one on a port of its own, and a way to it.
func (b *bed) mailServer(o smtpd.Options) (*smtpd.Server, SMTP) {
	b.t.Helper()
	o.Address = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(boxtest.FreePort(b.t, "127.0.0.1")))
	way := SMTP{Host: b.host, To: []string{"ops@example.org"}, From: "hotpair@example.org", Server: "127.0.0.1", Port: int(o.Address.Port()),
		Encryption: StartTLS, User: o.User, Password: o.Password, CAFile: trusted}
	if o.Implicit {
		way.Encryption = TLS
	}
	return boxtest.MailServer(b.t, o), way
}

// taken are all mails that a server took, which is ended for that.
func (b *bed) taken(s *smtpd.Server) []smtpd.Mail {
	b.t.Helper()
	b.must(s.Close())
	return s.Mails()
}

func message() Message {
	return Message{ID: "wazo1/takeover/1", Event: "begin", Condition: "takeover", Title: "this node took over", Text: "The master is dead.", Do: "See to it.",
		Node: "wazo1", Role: "standby", Peer: "10.0.0.1", Since: time.Unix(1_800_000_000, 0), At: time.Unix(1_800_000_010, 0)}.Clean()
}

// send sends within ten times what it should take.
func (b *bed) send(w Way, m Message) error {
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	return w.Send(ctx, m)
}
