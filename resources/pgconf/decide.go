package pgconf

import (
	"net/netip"
	"strings"
)

// Connection is one that a rule may match.
type Connection struct {
	Database, User string
	Address        netip.Addr
	TLS            bool
}

// fit tells whether a rule matches.
type fit int

const (
	no    fit = iota
	maybe     // only the server knows
	yes
)

// Decide returns the rule that answers a connection, the first that matches; ok
// is false when none does, which PostgreSQL answers with a refusal.
//
// Host names, samehost and samenet, addresses in forms such as 10.1, membership in roles and regular expressions
// are not evaluated. A rule that depends on them counts unless it trusts, so
// that trust is never found where PostgreSQL might ask for a password.
func Decide(rules []Rule, c Connection) (rule Rule, ok bool) {
	for _, r := range rules {
		if f := r.matches(c); f == yes || f == maybe && r.Method != "trust" {
			return r, true
		}
	}
	return Rule{}, false
}

func (r Rule) matches(c Connection) fit {
	if !r.takes(c.TLS) || r.Method == "" {
		return no
	}
	return min(r.from(c.Address), fits(r.Databases, c.inDatabase), fits(r.Users, c.byUser))
}

// takes tells whether the rule speaks of TCP with TLS, or without it. GSSAPI
// encryption is not used by anything here.
func (r Rule) takes(tls bool) bool {
	switch r.Type {
	case "host", "hostnogssenc":
		return true
	case "hostssl":
		return tls
	case "hostnossl":
		return !tls
	}
	return false
}

func (r Rule) from(addr netip.Addr) fit {
	switch {
	case r.Anywhere, r.network.contains(addr):
		return yes
	case r.named:
		return maybe
	}
	return no
}

// fits is the best fit of a list of names.
func fits(list []string, each func(string) fit) fit {
	best := no
	for _, text := range list {
		best = max(best, each(text))
	}
	return best
}

func (c Connection) inDatabase(text string) fit {
	switch text {
	case "all":
		return yes
	case "sameuser":
		return called(c.User, c.Database)
	case "samerole", "samegroup":
		return maybe
	case "replication":
		return no
	}
	return called(text, c.Database)
}

func (c Connection) byUser(text string) fit {
	switch {
	case text == "all":
		return yes
	case strings.HasPrefix(text, "+"):
		return maybe
	}
	return called(text, c.User)
}

// called compares with a name. A regular expression begins with a slash, also in
// quotes (version 16 and later).
func called(text, name string) fit {
	text = strings.TrimPrefix(text, `"`)
	switch {
	case text == name:
		return yes
	case strings.HasPrefix(text, "/"):
		return maybe
	}
	return no
}
