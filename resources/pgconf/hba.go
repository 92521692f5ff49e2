package pgconf

import (
	"net/netip"
	"strings"
)

// Rule is a record of pg_hba.conf, wherever it was included from.
type Rule struct {
	File      string
	Line      int          // its first
	Type      string       // host, hostssl, local …
	Databases []string     // a word in quotes begins with one, and has no other
	Users     []string     // likewise
	Prefix    netip.Prefix // invalid: no address (a name, samenet …), or a mask with holes
	Anywhere  bool         // address all
	Method    string

	network network
	named   bool // the address is a name, or in a form that only the server reads
	plain   bool // on a line of its own, without @file
}

// parseRule reads a record; what cannot be understood matches nothing, as
// PostgreSQL refuses such a file as a whole.
func parseRule(file string, rec record) Rule {
	rule := Rule{File: file, Line: rec.line, Type: rec.word(0).text, plain: rec.line == rec.last}
	if len(rec.fields) > 2 {
		rule.Databases, rule.Users = texts(rec.fields[1]), texts(rec.fields[2])
	}
	method := 3
	if rule.Type != "local" {
		method = rule.parseAddress(rec)
	}
	rule.Method = rec.word(method).text
	return rule
}

// parseAddress reads the fourth field, and the fifth where it is a mask. It
// returns the number of the field that names the method.
func (r *Rule) parseAddress(rec record) int {
	word := rec.word(3)
	r.Anywhere = word.is("all")
	if r.Anywhere {
		return 4
	}
	text, length, slash := strings.Cut(word.text, "/")
	addr, err := parseAddress(text)
	switch {
	case err != nil:
		r.named = text != ""
		return 4
	case slash:
		r.network = parseNetwork(addr, length)
	default:
		r.network = maskedNetwork(addr, rec.word(4).text)
	}
	r.Prefix = r.network.prefix()
	if slash {
		return 4
	}
	return 5
}

// texts are the words of a list. A quoted one keeps the quote that it begins
// with, so that "all" in quotes is no keyword.
func texts(field []token) []string {
	var list []string
	for _, t := range field {
		if t.quoted {
			t.text = `"` + t.text
		}
		list = append(list, t.text)
	}
	return list
}

// Stock tells whether the rule is the one line with which the stock scripts of
// Wazo and XiVO let an address in as superuser, and which address that is. For
// an IPv6 address they write /32, which lets in a whole network.
func (r Rule) Stock(database, user string) (netip.Prefix, bool) {
	one := func(list []string, name string) bool { return len(list) == 1 && list[0] == name }
	is := r.plain && r.Type == "host" && r.Method == "trust" && one(r.Databases, database) && one(r.Users, user) && r.Prefix.IsValid()
	return r.Prefix, is && (r.Prefix.IsSingleIP() || r.Prefix.Bits() == 32)
}
