package deliver

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/hotpair/hotpair/cmd/pairbox/smtpd"
)

// A real mailer of Debian's, msmtp, which hands on to the mail server.
func TestTheNodesOwnMailerSends(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("msmtp")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("a test needs msmtp: apt-get install msmtp")
		}
		t.Skip("msmtp is needed: apt-get install msmtp")
	}
	b := newBed(t)
	server, way := b.mailServer(smtpd.Options{})
	b.put("etc/msmtprc", fmt.Sprintf("account default\nhost 127.0.0.1\nport %d\nfrom node@example.org\n", way.Port), 0o600)
	b.put("usr/sbin/sendmail", "#!/bin/sh\nexec "+program+" -C etc/msmtprc \"$@\"\n", 0o755)
	m := message()
	m.Title = "bad\r\nBcc: all@example.net"
	b.must(b.send(Sendmail{Host: b.host, To: []string{"root", "ops@example.org"}}, m.Clean()))
	b.must(b.send(Sendmail{Host: b.host, To: []string{"root"}, From: "hotpair@example.org"}, message()))
	mails := b.taken(server)
	if len(mails) != 2 || fmt.Sprintf("%s %s %s %s", mails[0].To, mails[0].From, mails[1].To, mails[1].From) != "[root ops@example.org] node@example.org [root] hotpair@example.org" {
		t.Fatalf("%+v", mails)
	}
	head, body := read(t, mails[0].Text)
	if head.Get("Bcc") != "" || head.Get("To") != "root, ops@example.org" || !strings.Contains(body, "The master is dead.") {
		t.Errorf("%v\n%s", head, body)
	}
	if head, _ := read(t, mails[1].Text); head.Get("From") != "hotpair@example.org" || head.Get("Subject") != "hotpair on wazo1: this node took over" {
		t.Errorf("%v", head)
	}
}

func TestWithoutAMailerNothingIsSent(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	if err := b.send(Sendmail{Host: b.host, To: []string{"root"}}, message()); err == nil || !strings.Contains(err.Error(), "is needed and not on this node") {
		t.Error(err)
	}
}

func TestACommandReadsTheMessage(t *testing.T) {
	t.Parallel()
	b := newBed(t)
	b.put("usr/bin/tell", "#!/bin/sh\necho \"$#:$1:$2\" >args\ncat >said\n", 0o755)
	b.must(b.send(Command{Host: b.host, Arguments: []string{"/usr/bin/tell", "$(id); ", "b"}}, message()))
	if b.get("args") != "2:$(id); :b\n" {
		t.Error(b.get("args"))
	}
	var got Message
	b.must(json.Unmarshal([]byte(b.get("said")), &got))
	if got.Condition != "takeover" {
		t.Errorf("%+v", got)
	}
	b.put("usr/bin/tell", "#!/bin/sh\necho not now >&2\nexit 3\n", 0o755)
	if err := b.send(Command{Host: b.host, Arguments: []string{"/usr/bin/tell"}}, message()); err == nil || !strings.Contains(err.Error(), "exit status 3: not now") {
		t.Error(err)
	}
	if err := b.send(Command{Host: b.host, Arguments: []string{"/usr/bin/absent"}}, message()); err == nil || !strings.Contains(err.Error(), "is needed and not on this node") {
		t.Error(err)
	}
}
