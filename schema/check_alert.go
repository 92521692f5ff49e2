package schema

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
)

const (
	longestAddress = 254 // RFC 5321 §4.5.3.1.3, without the angle brackets
	longestLocal   = 64  // RFC 5321 §4.5.3.1.1
	leastReminder  = time.Minute
)

func conditions() kind {
	return kind{name: "list of conditions", shape: shapeList, check: func(text string) string { return checkOneOf(text, Conditions()) }}
}
func reminders() kind   { return kind{name: "duration or never", check: checkReminder} }
func mailAddress() kind { return kind{name: "mail address", check: checkMailAddress} }
func mailAddresses() kind {
	return kind{name: "list of mail addresses", shape: shapeList, check: checkMailAddress}
}
func serverName() kind { return kind{name: "host and port", check: checkServer} }
func hookURL() kind    { return kind{name: "secret URL", cover: coverAll, check: checkHook} }

func checkReminder(text string) string {
	if text == never {
		return ""
	}
	d, wrong := parseDuration(text)
	if n, err := time.ParseDuration(text); err == nil && n == 0 {
		return "Without reminders it is \"never\"; otherwise write hours, such as \"24h\"."
	}
	if wrong == "" && d < leastReminder {
		return "A reminder more often than each minute floods. Write hours, such as \"24h\", or \"never\"."
	}
	return wrong
}

// checkMailAddress takes what is an address to every mailer, and an option to
// none: of the dot-atom of RFC 5322 §3.2.3 what no mailer takes for a program, a
// file or a route; with a domain or, for a user of the node, without.
func checkMailAddress(text string) string {
	local, domain, remote := strings.Cut(text, "@")
	atom := regexp.MustCompile(`^[A-Za-z0-9_+=&'#~-]+(\.[A-Za-z0-9_+=&'#~-]+)*$`)
	switch {
	case text == "":
		return "It is empty. Write an address such as \"ops@example.org\", or \"root\"."
	case strings.HasPrefix(text, "-"):
		return quote(text) + " would be an option to a mailer. Write an address such as \"ops@example.org\"."
	case len(text) > longestAddress, len(local) > longestLocal, !atom.MatchString(local), remote && checkHostName(domain) != "":
		return quote(text) + " is not one bare mail address. Write it without a name, brackets and spaces, such as \"ops@example.org\"; several are several elements of the list."
	}
	return ""
}

func checkServer(text string) string {
	const likeThis = " Write it like \"mail.example.org:587\"."
	host, port := parseServer(text)
	switch {
	case text == "":
		return "It is empty." + likeThis
	case host == "":
		return quote(text) + " is not a host with a port." + likeThis
	case port == 0:
		return "The port is not one of 1 to 65535." + likeThis
	}
	return ""
}

// parseServer reads "host:port"; "": it is not that; 0: the port is none.
func parseServer(text string) (host string, port int) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().String(), int(at.Port())
	}
	host, digits, both := strings.Cut(text, ":")
	if !both || checkHostName(host) != "" {
		return "", 0
	}
	port, err := strconv.Atoi(digits)
	if err != nil || port > 65535 {
		return host, 0
	}
	return host, max(port, 0)
}

// checkHook quotes nothing of a URL, all of which may be secret.
func checkHook(text string) string {
	const example = "https://hooks.example.org/…"
	if wrong := checkURL(text, example, "https", "http"); wrong != "" {
		return wrong
	}
	if u, err := url.Parse(text); err != nil || u.Hostname() == "" {
		return "This URL names no host. Write it like this: \"" + example + "\"."
	}
	return ""
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func (c checked) checkAlerts() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range c.Alerts {
		block := "alert." + a.Name
		ways := 0
		for _, there := range []bool{a.Mail != nil, a.Webhook != nil, len(a.Command) > 0} {
			if there {
				ways++
			}
		}
		switch {
		case ways == 0:
			diags = append(diags, failing(c.blockAt(block), "Nobody is told", "Nothing says how this alert is sent. Write one of mail { to = [\"root\"] }, webhook { url = … } and command = […] into it."))
		case ways > 1:
			diags = append(diags, failing(c.blockAt(block), "More than one way", "An alert is sent in one way. Write one block alert for each of mail, webhook and command."))
		}
		if v := c.values[block+".on"]; v.from == fromUser && len(v.list) == 0 {
			diags = append(diags, failing(c.at(block+".on"), "On nothing", "This alert would never be sent. Name conditions, such as \"takeover\", or leave the argument out for all of them."))
		}
		diags = slices.Concat(diags, c.checkProgram(block+".command"), c.checkMail(block+".mail", a.Mail), c.checkWebhook(block+".webhook", a.Webhook))
	}
	return diags
}

func (c checked) checkMail(block string, m *Mail) hcl.Diagnostics {
	switch {
	case m == nil:
		return nil
	case len(m.To) == 0:
		return hcl.Diagnostics{failing(c.at(block+".to"), "To nobody", "Write who is mailed: to = [\"ops@example.org\"].")}
	case m.SMTP == nil:
		return nil
	}
	smtp := block + ".smtp"
	isLocal := func(address string) bool { return !strings.Contains(address, "@") }
	encrypted := m.SMTP.TLS != "none"
	switch {
	case m.SMTP.Host == "":
		return hcl.Diagnostics{failing(c.blockAt(smtp), "Missing argument server", "Write which mail server is used: server = \"mail.example.org:587\", or leave the block out for the node's own mailer.")}
	case m.From == "" || isLocal(m.From):
		return hcl.Diagnostics{failing(c.at(block+".from"), "No sender", "A mail server wants to know who sends, with a domain. Write from = \"hotpair@example.org\" into mail { … }.")}
	case slices.ContainsFunc(m.To, isLocal):
		return hcl.Diagnostics{failing(c.at(block+".to"), "An address without a domain", "A mail server does not know the users of this node. Write whole addresses, such as \"ops@example.org\".")}
	case !encrypted && !isLoopback(m.SMTP.Host):
		return hcl.Diagnostics{failing(c.at(smtp+".tls"), "Mail in the clear", fmt.Sprintf("%s is another host, so everybody on the way could read and change what is sent. Write tls = \"starttls\" or \"tls\".", quote(m.SMTP.Host)))}
	case (m.SMTP.User == "") != (m.SMTP.Password == Secret{}):
		return hcl.Diagnostics{failing(c.blockAt(smtp), "Half a login", "A login needs both user and password. Write both, or none.")}
	case !encrypted && m.SMTP.CAFile != "":
		return hcl.Diagnostics{failing(c.at(smtp+".ca_file"), "Certificates without TLS", "tls is \"none\", so no certificate is looked at. Leave one of the two out.")}
	}
	return nil
}

func (c checked) checkWebhook(block string, w *Webhook) hcl.Diagnostics {
	if w == nil {
		return nil
	}
	u, err := url.Parse(w.URL.Reveal())
	switch {
	case w.URL == Secret{} || err != nil:
		return hcl.Diagnostics{failing(c.blockAt(block), "Missing argument url", "Write what is posted to: url = \"https://hooks.example.org/…\".")}
	case u.Scheme == "https":
		return nil
	case w.CAFile != "":
		return hcl.Diagnostics{failing(c.at(block+".ca_file"), "Certificates without TLS", "The URL begins with http://, so no certificate is looked at. Write https://, or leave ca_file out.")}
	case isLoopback(u.Hostname()):
		return nil
	case w.Token != Secret{} || u.User != nil:
		return hcl.Diagnostics{failing(c.blockAt(block), "A password in the clear", "The URL begins with http://, so everybody on the way could read the token or password. Write https://.")}
	}
	return hcl.Diagnostics{warning(c.blockAt(block), "Alerts in the clear", "The URL begins with http://, so everybody on the way can read and change what is sent. Write https://.")}
}
