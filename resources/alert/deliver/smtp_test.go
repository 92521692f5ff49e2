package deliver

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/boxtest"
	"github.com/hotpair/hotpair/cmd/pairbox/smtpd"
)

func tomorrow() time.Time { return time.Now().Add(24 * time.Hour) }

// read is a mail as its reader sees it.
func read(t *testing.T, text string) (mail.Header, string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	body := io.Reader(m.Body)
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	read, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, strings.ReplaceAll(string(read), "\r\n", "\n")
}

func TestMailIsEncryptedAndTaken(t *testing.T) {
	t.Parallel()
	for _, implicit := range []bool{false, true} {
		b := newBed(t)
		cert, key := b.authority.Issue("127.0.0.1", tomorrow())
		server, way := b.mailServer(smtpd.Options{Certificate: cert, Key: key, Implicit: implicit, User: "ha", Password: planted})
		b.must(b.send(way, message()))
		mails := b.taken(server)
		if len(mails) != 1 || !mails[0].Encrypted || mails[0].User != "ha" || mails[0].From != "hotpair@example.org" || fmt.Sprint(mails[0].To) != "[ops@example.org]" {
			t.Fatalf("%+v", mails)
		}
		head, body := read(t, mails[0].Text)
		if head.Get("Subject") != "hotpair on wazo1: this node took over" || head.Get("Auto-Submitted") != "auto-generated" || head.Get("To") != "<ops@example.org>" {
			t.Errorf("%v", head)
		}
		for _, part := range []string{"This node took over.\n\nThe master is dead.\n\nWhat to do: See to it.\n\n", "Node       wazo1 (standby)\n", "Condition  takeover\n"} {
			if !strings.Contains(body, part) {
				t.Errorf("%q is not in\n%s", part, body)
			}
		}
	}
}

// Whatever is wrong with the server's certificate or its encryption, neither the
// password nor the message leaves.
func TestAMailServerThatIsNotTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	issue := func(name string, until time.Time) smtpd.Options {
		cert, key := b.authority.Issue(name, until)
		return smtpd.Options{Certificate: cert, Key: key}
	}
	stranger := boxtest.NewAuthority(t)
	cert, key := stranger.Issue("127.0.0.1", tomorrow())
	for what, c := range map[string]struct {
		options smtpd.Options
		want    string
	}{
		"another authority": {smtpd.Options{Certificate: cert, Key: key}, "unknown authority"},
		"another name":      {issue("mail.example.org", tomorrow()), "IP SAN"},
		"expired":           {issue("127.0.0.1", time.Now().Add(-time.Hour)), "expired"},
		"stripped STARTTLS": {smtpd.Options{}, "does not support STARTTLS"},
	} {
		for _, implicit := range []bool{false, true} {
			if c.options.Certificate == "" && implicit {
				continue
			}
			o := c.options
			o.Implicit, o.User, o.Password = implicit, "ha", planted
			server, way := b.mailServer(o)
			err := b.send(way, message())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, implicit %v: %v", what, implicit, err)
			}
			mails, heard := b.taken(server), server.Heard()
			if len(mails) != 0 || strings.Contains(heard, "AUTH PLAIN ") || strings.Contains(heard, "MAIL FROM") || strings.Contains(heard, planted) || strings.Contains(heard, encoded(planted)) {
				t.Errorf("%s, implicit %v: it heard\n%s", what, implicit, heard)
			}
		}
	}
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestALocalMailServerMayBeTalkedToInTheClear(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	server, way := b.mailServer(smtpd.Options{})
	way.Encryption, way.CAFile = None, ""
	b.must(b.send(way, message()))
	if len(b.taken(server)) != 1 {
		t.Error(server.Heard())
	}
}

func TestAPasswordThatIsRefusedIsNotShown(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	cert, key := b.authority.Issue("127.0.0.1", tomorrow())
	server, way := b.mailServer(smtpd.Options{Certificate: cert, Key: key, User: "ha", Password: "right"})
	way.Password = planted
	err := b.send(way, message())
	if err == nil || !strings.Contains(err.Error(), "535") || !strings.Contains(err.Error(), "(secret)") || strings.Contains(err.Error(), planted) || len(b.taken(server)) != 0 {
		t.Errorf("%v", err)
	}
}

// What a log, a peer or a file says forges neither a header nor a second mail.
func TestHostileTextsForgeNothing(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	cert, key := b.authority.Issue("127.0.0.1", tomorrow())
	server, way := b.mailServer(smtpd.Options{Certificate: cert, Key: key})
	hostile := []string{
		"a\r\nBcc: all@example.net\r\n\r\nforged", "a\nBcc: all@example.net", "a\r\n.\r\nMAIL FROM:<x@y>", "\r\n.\r\n", strings.Repeat("long ", 4000), strings.Repeat("x", 20000), strings.Repeat("ö", 5000),
		"=?utf-8?q?a=0D=0ABcc:_all@example.net?=", "Ünïcode \u2028\u202e\x00\x1b[31m", "\xff\xfe", "",
	}
	for _, text := range hostile {
		m := message()
		m.Title, m.Text, m.Do, m.Node, m.Peer, m.Of, m.Role = text, text, text, text, text, text, text
		b.must(b.send(way, m.Clean()))
	}
	mails := b.taken(server)
	if len(mails) != len(hostile) {
		t.Fatalf("%d mails of %d", len(mails), len(hostile))
	}
	for i, m := range mails {
		head, body := read(t, m.Text)
		subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
		if err != nil || head.Get("Bcc") != "" || !strings.HasPrefix(subject, "hotpair on ") || len(head) > 10 || strings.ContainsAny(subject+body, "\r\x00\x1b\u2028\u202e") || fmt.Sprint(m.To) != "[ops@example.org]" {
			t.Errorf("%q: %v\n%v\n%q", hostile[i], err, head, body)
		}
		for line := range strings.Lines(m.Text) {
			if len(line) > 1000 {
				t.Errorf("a line of %d bytes", len(line))
			}
		}
	}
}

// silent takes connections and never says a word.
func silent(t *testing.T) *net.TCPAddr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().(*net.TCPAddr)
}

func TestASilentServerIsGivenUp(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	at := silent(t)
	for _, way := range []Way{
		SMTP{Host: b.host, To: []string{"a@b"}, From: "a@b", Server: "127.0.0.1", Port: at.Port, Encryption: StartTLS},
		SMTP{Host: b.host, To: []string{"a@b"}, From: "a@b", Server: "127.0.0.1", Port: at.Port, Encryption: TLS},
		Webhook{Host: b.host, URL: "http://" + at.String() + "/" + planted},
		Webhook{Host: b.host, URL: "https://" + at.String() + "/" + planted},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		err := way.Send(ctx, message())
		cancel()
		if err == nil || !strings.Contains(err.Error(), "in time") || strings.Contains(err.Error(), planted) {
			t.Errorf("%s: %v", way, err)
		}
	}
}

func TestAMessageIsCleanedOnce(t *testing.T) {
	m := message()
	m.Title, m.Text = strings.Repeat("ö\n", 5000), strings.Repeat("€", 5000)
	once := m.Clean()
	if once != once.Clean() || len(once.Title) > longestTitle || len(once.Text) > longestText || !bytes.HasSuffix([]byte(once.Text), []byte("€…")) {
		t.Errorf("%q", once.Title)
	}
}
