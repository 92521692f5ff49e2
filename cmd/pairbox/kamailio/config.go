package kamailio

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Expiry is how long a contact may stay registered. What a phone asks for is
// raised to Min and lowered to Max; one that asks for nothing gets Default.
// Zeros are Asterisk's own: 1 min, 2 min and 1 h.
type Expiry struct{ Min, Default, Max time.Duration }

// Auth is whom a registrar asks for a password (RFC 2617, RFC 7616); the zero
// Auth asks nobody.
type Auth struct {
	User, Password string
	SHA256         bool // MD5 otherwise
}

// realm is that of the challenges.
const realm = "box"

func (a Auth) modules() string {
	if a.User == "" {
		return ""
	}
	algorithm := "MD5"
	if a.SHA256 {
		algorithm = "SHA-256"
	}
	return fmt.Sprintf("loadmodule \"auth.so\"\nmodparam(\"auth\", \"algorithm\", %q)", algorithm)
}

// check is a statement that lets nobody else by. The last argument of
// www_challenge is for qop=auth.
func (a Auth) check() string {
	if a.User == "" {
		return ""
	}
	return fmt.Sprintf(`	if ($rm == "REGISTER" && ($au != %q || !pv_www_authenticate(%q, %q, "0"))) { www_challenge(%q, "1"); exit; }`, a.User, realm, a.Password, realm)
}

// config is kamailio.cfg. One process takes TCP, two take UDP.
func (o Options) config() string {
	seconds := func(d, otherwise time.Duration) int { return int(cmp.Or(d, otherwise).Seconds()) }
	return strings.Join([]string{
		"#!KAMAILIO",
		"debug=1", "log_stderror=yes", "children=2", "tcp_children=1", "auto_aliases=no", "dns=no", "rev_dns=no",
		fmt.Sprintf("listen=udp:%s", o.Address), fmt.Sprintf("listen=tcp:%s", o.Address),
		`loadmodule "sl.so"`, `loadmodule "pv.so"`, `loadmodule "usrloc.so"`, `loadmodule "registrar.so"`,
		`modparam("usrloc", "db_mode", 0)`,
		fmt.Sprintf(`modparam("registrar", "min_expires", %d)`, seconds(o.Expiry.Min, time.Minute)),
		fmt.Sprintf(`modparam("registrar", "default_expires", %d)`, seconds(o.Expiry.Default, 2*time.Minute)),
		fmt.Sprintf(`modparam("registrar", "max_expires", %d)`, seconds(o.Expiry.Max, time.Hour)),
		o.Auth.modules(),
		"request_route {",
		fmt.Sprintf(`	if ($rm == "OPTIONS") { sl_send_reply("%d", "%s"); exit; }`, cmp.Or(o.Status, 200), reason(o.Status)),
		o.Auth.check(),
		`	if ($rm == "REGISTER") { if (!save("location")) { sl_reply_error(); } exit; }`,
		`	sl_send_reply("405", "Method Not Allowed");`,
		"}",
		"",
	}, "\n")
}

func reason(status int) string {
	switch status {
	case 0, 200:
		return "OK"
	case 503:
		return "Service Unavailable"
	}
	return "Answer"
}
