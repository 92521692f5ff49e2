package schema

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const alerting = `
alert "ops" {
  on          = ["takeover", "split_brain"]
  remind      = "never"
  after       = "5s"
  clear_after = "2m"
  timeout     = "7s"

  mail {
    to   = ["ops@example.org", "o'neill+ha@example.org"]
    from = "hotpair@example.org"

    smtp {
      server   = "[::1]:2525"
      tls      = "none"
      user     = "hotpair"
      password = file("/secret")
      ca_file  = null
    }
  }
}

alert "chat" {
  webhook {
    url   = "https://hooks.example.org/services/s3cr3t?key=s3cr3t"
    token = file("/secret")
  }
}

alert "page" {
  command = ["/usr/local/sbin/page", "-v", "-v"]
}

alert "root" {
  mail {
  }
}
`

func TestAlerts(t *testing.T) {
	c := load(t, source(minimal+strings.Replace(alerting, "      ca_file  = null\n", "", 1))...)
	var names []string
	of := map[string]Alert{}
	for _, a := range c.Alerts {
		names = append(names, a.Name)
		of[a.Name] = a
	}
	if got := strings.Join(names, " "); got != "chat ops page root" {
		t.Error(got)
	}
	ops := of["ops"]
	if got := fmt.Sprint(ops.On, ops.Remind, ops.After, ops.ClearAfter, ops.Timeout, ops.Mail.To, ops.Mail.From, *ops.Mail.SMTP); got !=
		"[takeover split_brain] 0s 5s 2m0s 7s [ops@example.org o'neill+ha@example.org]hotpair@example.org{::1 2525 none hotpair (secret) }" {
		t.Error(got)
	}
	if ops.Mail.SMTP.Password.Reveal() != "s3cr3t-from-file" || ops.Webhook != nil || ops.Command != nil {
		t.Errorf("%+v", ops)
	}
	if got := fmt.Sprint(of["root"].Mail.To, of["root"].Mail.SMTP, of["root"].Remind, of["root"].After, of["root"].ClearAfter, of["root"].Timeout); got != "[root] <nil> 24h0m0s 10s 1m0s 30s" {
		t.Error(got)
	}
	if got := of["page"].Command; fmt.Sprint(got) != "[/usr/local/sbin/page -v -v]" || of["page"].Remind != 24*time.Hour {
		t.Error(got)
	}
	if chat := of["chat"]; strings.Contains(fmt.Sprintf("%+v %#v", *chat.Webhook, *chat.Webhook), "s3cr3t") || !strings.HasSuffix(chat.Webhook.URL.Reveal(), "?key=s3cr3t") {
		t.Errorf("%+v", *chat.Webhook)
	}
	if len(load(t, source(minimal)...).Alerts) != 0 {
		t.Error("alerts that nobody wrote")
	}
}

func TestAlertsAreOverlaidByTheirArguments(t *testing.T) {
	later := Source{Name: "ha.d/10.hcl", Text: []byte("alert \"page\" {\n  remind = \"1h\"\n}\n")}
	c := load(t, source(minimal + "alert \"page\" {\n  command = [\"/bin/page\"]\n}\n")[0], later)
	if a := c.Alerts[0]; a.Remind != time.Hour || len(a.Command) != 1 || a.After != 10*time.Second {
		t.Errorf("%+v", a)
	}
}

func TestAlertsInTheClearAreWarnedOf(t *testing.T) {
	hook := func(url string) string {
		return warnings(t, minimal+"sip_expiry {\n  max = \"4m\"\n}\nalert \"chat\" {\n  webhook {\n    url = \""+url+"\"\n  }\n}\n")
	}
	if got := hook("http://hooks.example.org/s3cr3t"); !strings.Contains(got, "Alerts in the clear") || strings.Contains(got, "s3cr3t") {
		t.Error(got)
	}
	for _, url := range []string{"https://hooks.example.org/a", "http://127.0.0.1:9093/a", "http://localhost/a", "http://[::1]/a"} {
		if got := hook(url); got != "" {
			t.Error(url, got)
		}
	}
}

func TestMailAddresses(t *testing.T) {
	for text, good := range map[string]bool{
		"root": true, "ops@example.org": true, "a.b+c@mail.example.org": true, "o'neill@x": true, strings.Repeat("a", 64) + "@b": true,
		"": false, "-f": false, "a b@c": false, "a@b@c": false, "a@": false, "@b": false, "a..b@c": false, ".a@b": false, "a@b c": false, "a,b": false,
		"a\n@b": false, "<a@b>": false, "\"a\"@b": false, "a@[127.0.0.1]": false, "|/bin/sh": false, "/tmp/x": false, "a!b": false, "a%b@c": false, "é@b": false, strings.Repeat("a", 65) + "@b": false, "a;b@c": false, "a@-b": false,
	} {
		if wrong := checkMailAddress(text); (wrong == "") != good {
			t.Errorf("%q: %s", text, wrong)
		}
	}
}

func TestServers(t *testing.T) {
	for text, want := range map[string]string{
		"mail.example.org:587": "mail.example.org 587", "127.0.0.1:25": "127.0.0.1 25", "[::1]:25": "::1 25", "localhost:2525": "localhost 2525",
		"": " 0", "mail": " 0", "mail:": "mail 0", "mail:0": "mail 0", "mail:65536": "mail 0", "mail:x": "mail 0", "mail:-1": "mail 0", "::1": " 0", "a b:25": " 0", "smtp://a:25": "smtp 0", "a:25/x": "a 0",
	} {
		host, port := parseServer(text)
		if got := fmt.Sprint(host, " ", port); got != want || (checkServer(text) == "") != (port > 0) {
			t.Errorf("%q: %s, %s", text, got, checkServer(text))
		}
	}
}
