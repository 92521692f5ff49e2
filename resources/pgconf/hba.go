package pgconf

import (
	"fmt"
	"io/fs"
	"net/netip"
	"path"
	"strings"
)

// Rule is a record of pg_hba.conf, wherever it was included from.
type Rule struct {
	File      string
	Line      int
	Type      string // host, hostssl, local …
	Databases []string
	Users     []string
	Prefix    netip.Prefix // invalid: not an address (a name, samenet …)
	Anywhere  bool         // address "all"
	Method    string
}

// Connection is one that a rule may match.
type Connection struct {
	Database, User string
	Address        netip.Addr
	TLS            bool
}

// Rules reads pg_hba.conf and what it includes, in the order in which
// PostgreSQL would try them.
func Rules(r Reader, name string) ([]Rule, error) { return rules(r, name, 0) }

func rules(r Reader, name string, depth int) ([]Rule, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("reading %s: files include each other more than %d deep", name, maxDepth)
	}
	text, err := r.Read(name)
	if err != nil {
		return nil, err
	}
	var list []Rule
	for _, rec := range records(string(text)) {
		if files, is, err := included(r, name, rec); is || err != nil {
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				more, err := rules(r, file, depth+1)
				if err != nil {
					return nil, err
				}
				list = append(list, more...)
			}
			continue
		}
		list = append(list, parseRule(r, name, rec))
	}
	return list, nil
}

// ParseRules reads a text by itself: what it includes is left out.
func ParseRules(text string) []Rule {
	var list []Rule
	for _, rec := range records(text) {
		list = append(list, parseRule(nothing{}, "", rec))
	}
	return list
}

// nothing is a Reader of no file.
type nothing struct{}

func (nothing) Read(name string) ([]byte, error) { return nil, fs.ErrNotExist }
func (nothing) List(string) ([]string, error)    { return nil, nil }

// included resolves an include directive of a record (version 16 and later).
func included(r Reader, name string, rec record) ([]string, bool, error) {
	if len(rec.fields) != 2 || len(rec.fields[0]) != 1 || rec.fields[0][0].quoted {
		return nil, false, nil
	}
	word := rec.fields[0][0].text
	if !strings.HasPrefix(word, "include") {
		return nil, false, nil
	}
	files, err := resolve(r, word, beside(name, rec.fields[1][0].text))
	return files, true, err
}

// parseRule reads a record; what cannot be understood matches nothing, as
// PostgreSQL refuses such a file as a whole.
func parseRule(r Reader, file string, rec record) Rule {
	rule := Rule{File: file, Line: rec.line}
	field := func(i int) []string {
		if i >= len(rec.fields) {
			return nil
		}
		return listed(r, file, rec.fields[i])
	}
	first := func(i int) string {
		if texts := field(i); len(texts) > 0 {
			return texts[0]
		}
		return ""
	}
	rule.Type, rule.Databases, rule.Users = first(0), field(1), field(2)
	if rule.Type == "local" {
		rule.Method = first(3)
		return rule
	}
	address, method := first(3), 4
	rule.Anywhere = address == "all"
	if prefix, err := netip.ParsePrefix(address); err == nil {
		rule.Prefix = prefix.Masked()
	} else if addr, err := netip.ParseAddr(address); err == nil {
		rule.Prefix, method = masked(addr, first(4)), 5
	}
	rule.Method = first(method)
	return rule
}

// masked joins an address with a mask of a column of its own.
func masked(addr netip.Addr, mask string) netip.Prefix {
	m, err := netip.ParseAddr(mask)
	if err != nil || m.BitLen() != addr.BitLen() {
		return netip.Prefix{}
	}
	bits := 0
	for _, b := range m.AsSlice() {
		for ; b&0x80 != 0; b <<= 1 {
			bits++
		}
	}
	return netip.PrefixFrom(addr, bits).Masked()
}

// listed gives the texts of a field; @file stands for the words of that file.
// A quoted word is given its quotes back, so that "all" in quotes is no
// keyword.
func listed(r Reader, file string, field []token) []string {
	var texts []string
	for _, t := range field {
		switch {
		case t.quoted:
			texts = append(texts, `"`+t.text)
		case strings.HasPrefix(t.text, "@") && len(t.text) > 1:
			text, err := r.Read(beside(file, t.text[1:]))
			if err == nil {
				texts = append(texts, strings.FieldsFunc(string(text), func(c rune) bool { return strings.ContainsRune(", \t\r\n", c) })...)
			}
		default:
			texts = append(texts, t.text)
		}
	}
	return texts
}

// Decide returns the first rule that matches; ok is false when none does,
// which PostgreSQL answers with a refusal.
func Decide(rules []Rule, c Connection) (rule Rule, ok bool) {
	for _, r := range rules {
		if r.matches(c) {
			return r, true
		}
	}
	return Rule{}, false
}

func (r Rule) matches(c Connection) bool {
	switch r.Type {
	case "host", "hostnogssenc":
	case "hostssl":
		if !c.TLS {
			return false
		}
	case "hostnossl":
		if c.TLS {
			return false
		}
	default:
		return false
	}
	return names(r.Databases, c.Database) && names(r.Users, c.User) &&
		(r.Anywhere || r.Prefix.IsValid() && r.Prefix.Contains(c.Address))
}

// names tells whether a list of databases or users names one. Role membership
// and regular expressions are not evaluated: they do not match.
func names(list []string, name string) bool {
	for _, text := range list {
		if text == "all" || text == name || text == `"`+name {
			return true
		}
	}
	return false
}

// Stock tells whether the rule is the one line with which the stock scripts of
// Wazo and XiVO let an address in as superuser, and which address that is. For
// an IPv6 address they write /32, which lets in a whole network.
func (r Rule) Stock(database, user string) (netip.Prefix, bool) {
	one := func(list []string, name string) bool { return len(list) == 1 && list[0] == name }
	is := r.Type == "host" && r.Method == "trust" && one(r.Databases, database) && one(r.Users, user) && r.Prefix.IsValid()
	return r.Prefix, is && (r.Prefix.IsSingleIP() || r.Prefix.Bits() == 32)
}

// beside resolves a path that a configuration file names.
func beside(file, named string) string {
	if path.IsAbs(named) {
		return path.Clean(named)
	}
	return path.Join(path.Dir(file), named)
}
