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
		"request_route {",
		fmt.Sprintf(`	if ($rm == "OPTIONS") { sl_send_reply("%d", "%s"); exit; }`, cmp.Or(o.Status, 200), reason(o.Status)),
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
