package schema

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// An Alert is who is told when the pair is not well, and how: by Mail, Webhook or
// Command, of which one is set.
type Alert struct {
	Name       string
	On         []string      // the codes of conditions; none: all
	Remind     time.Duration // 0: never
	After      time.Duration // a condition must have lasted
	ClearAfter time.Duration // it must be over
	Timeout    time.Duration // of handing one message over
	Mail       *Mail
	Webhook    *Webhook
	Command    []string // a program and its arguments
}

// Mail is who is mailed, by the node's own mailer where SMTP is nil.
type Mail struct {
	To   []string
	From string // "": as the mailer says
	SMTP *SMTP
}

// SMTP is a mail server. TLS is "starttls", "tls" or "none".
type SMTP struct {
	Host     string
	Port     int
	TLS      string
	User     string // "": no login
	Password Secret
	CAFile   string // "": the system's certificates
}

// Webhook is where messages are posted to.
type Webhook struct {
	URL    Secret
	Token  Secret // zero: none
	CAFile string // "": the system's certificates
}

// never is a reminder that does not come.
const never = "never"

// alerts are those that some block names.
func (vs values) alerts(blocks map[string]hcl.Range) []Alert {
	var list []Alert
	for _, block := range slices.Sorted(maps.Keys(blocks)) {
		name, is := strings.CutPrefix(block, "alert.")
		if !is || strings.Contains(name, ".") {
			continue
		}
		at := func(argument string) string { return block + "." + argument }
		a := Alert{
			Name: name, On: vs.texts(at("on")), Remind: vs.duration(at("remind")), Command: vs.arguments(at("command")),
			After: vs.duration(at("after")), ClearAfter: vs.duration(at("clear_after")), Timeout: vs.duration(at("timeout")),
		}
		if _, there := blocks[at("mail")]; there {
			a.Mail = vs.mail(at("mail"), blocks)
		}
		if _, there := blocks[at("webhook")]; there {
			a.Webhook = &Webhook{URL: vs.secret(at("webhook.url")), Token: vs.secret(at("webhook.token")), CAFile: vs.text(at("webhook.ca_file"))}
		}
		list = append(list, a)
	}
	return list
}

func (vs values) mail(block string, blocks map[string]hcl.Range) *Mail {
	m := &Mail{To: vs.texts(block + ".to"), From: vs.text(block + ".from")}
	if _, there := blocks[block+".smtp"]; there {
		at := func(argument string) string { return block + ".smtp." + argument }
		host, port := parseServer(vs.text(at("server")))
		m.SMTP = &SMTP{Host: host, Port: port, TLS: vs.text(at("tls")), User: vs.text(at("user")), Password: vs.secret(at("password")), CAFile: vs.text(at("ca_file"))}
	}
	return m
}

// arguments are a program and its arguments, of which one may come twice.
func (vs values) arguments(path string) []string {
	var list []string
	for _, e := range vs[path].list {
		list = append(list, e.text)
	}
	return list
}
