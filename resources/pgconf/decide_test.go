package pgconf

import (
	"net/netip"
	"testing"
)

const peer = "10.0.0.1"

// copying is the master's database copy.
func copying(address string) Connection {
	return Connection{Database: "asterisk", User: "postgres", Address: netip.MustParseAddr(address)}
}

func TestTheFirstRuleThatMatchesDecides(t *testing.T) {
	const later = "\nhost all all all later"
	for _, test := range []struct {
		line, from string
		matches    bool
	}{
		{"host all all 10.0.0.1/32 x", peer, true},
		{"host all all 10.0.0.2/32 x", peer, false},
		{"host asterisk postgres 10.0.0.0/24 x", peer, true},
		{"host b,asterisk a,postgres 10.0.0.0/24 x", peer, true},
		{`host "asterisk" "postgres" 10.0.0.0/24 x`, peer, true},
		{"host Asterisk postgres 10.0.0.0/24 x", peer, false},
		{"host asterisk Postgres 10.0.0.0/24 x", peer, false},
		{"host ALL all all x", peer, false},
		{`host "all" all all x`, peer, false},
		{`host all "all" all x`, peer, false},
		{"host replication all all x", peer, false},
		{"host sameuser all all x", peer, false},
		{"local all all x", peer, false},
		{"hostssl all all all x", peer, false},
		{"hostnossl all all all x", peer, true},
		{"hostgssenc all all all x", peer, false},
		{"hostnogssenc all all all x", peer, true},
		{"hosts all all all x", peer, false},
		{"host all all all", peer, false},
		{"host all all ::/0 x", peer, false},
		{"host all all 0.0.0.0/0 x", "fd00::1", false},
		{"host all all fd00::/16 x", "fd00::1", true},
		{"host all all fd00::1%eth0/128 x", "fd00::1", true},
		{"host all all ::ffff:10.0.0.1/128 x", peer, false},
		{"host all all 10.9.0.9 255.0.255.0 x", peer, true},
		{"host all all 10.9.1.9 255.0.255.0 x", peer, false},
		{"host all all 10.0.0.1 ffff:: x", peer, false},
		{"host all all 10.0.0.1/-1 x", peer, false},
		{"host all all samenet x", peer, true},
		{"host all all samehost x", peer, true},
		{"host all all pbx.example.com x", peer, true},
		{"host all all 10/8 x", peer, true},
		{"host all all 10.1 255.0.0.0 x", peer, true},
		{"host all all samenet trust", peer, false},
		{"host all +admins 10.0.0.1/32 x", peer, true},
		{"host all +admins 10.0.0.2/32 x", peer, false},
		{`host all "+admins" 10.0.0.1/32 x`, peer, false},
		{"host samerole all 10.0.0.1/32 x", peer, true},
		{"host samegroup all 10.0.0.1/32 trust", peer, false},
		{"host /^a all all x", peer, true},
		{`host all "/^p" all x`, peer, true},
		{`host all /^p all trust`, peer, false},
		{`host all b,/^p,postgres all trust`, peer, true},
	} {
		rule, ok := Decide(ParseRules(test.line+later), copying(test.from))
		if !ok || (rule.Line == 1) != test.matches {
			t.Errorf("%s: decided by line %d", test.line, rule.Line)
		}
	}
}

func TestTLSIsARuleOfItsOwn(t *testing.T) {
	rules := ParseRules("hostssl all all all a\nhostnossl all all all b\n")
	for tls, want := range map[bool]string{true: "a", false: "b"} {
		c := copying(peer)
		c.TLS = tls
		if rule, ok := Decide(rules, c); !ok || rule.Method != want {
			t.Errorf("TLS %v: %+v", tls, rule)
		}
	}
}

func TestSameuserIsADatabaseOfTheUsersName(t *testing.T) {
	c := copying(peer)
	c.User = c.Database
	if _, ok := Decide(ParseRules("host sameuser all all x"), c); !ok {
		t.Error("it does not match")
	}
}

func TestNoRuleIsARefusal(t *testing.T) {
	if rule, ok := Decide(ParseRules("host all all 10.0.0.2/32 x"), copying(peer)); ok {
		t.Errorf("%+v", rule)
	}
}

func TestAStockLineIsOnePlainLineForOneAddress(t *testing.T) {
	const dir = "/etc/postgresql/15/main/"
	others := files{dir + "dbs": "asterisk", dir + "users": "postgres"}
	for line, want := range map[string]string{
		"host asterisk postgres 10.0.0.1/32 trust":                 "10.0.0.1/32",
		"host\tasterisk  postgres 10.0.0.1 255.255.255.255\ttrust": "10.0.0.1/32",
		"host asterisk postgres fd00::1/128 trust":                 "fd00::1/128",
		"host asterisk postgres fd00::1/32 trust":                  "fd00::/32",
		"host asterisk postgres fd00::1/64 trust":                  "",
		"host asterisk postgres 10.0.0.0/24 trust":                 "",
		"host asterisk postgres 10.0.0.1/32 md5":                   "",
		"hostssl asterisk postgres 10.0.0.1/32 trust":              "",
		"host all postgres 10.0.0.1/32 trust":                      "",
		"host asterisk,b postgres 10.0.0.1/32 trust":               "",
		"host asterisk all 10.0.0.1/32 trust":                      "",
		`host "asterisk" postgres 10.0.0.1/32 trust`:               "",
		"host asterisk postgres \\\n10.0.0.1/32 trust":             "",
		"host @dbs postgres 10.0.0.1/32 trust":                     "",
		"host asterisk @users 10.0.0.1/32 trust":                   "",
	} {
		for way, rules := range map[string][]Rule{"file": rulesOf(t, line, others), "text": ParseRules(line)} {
			prefix, is := rules[0].Stock("asterisk", "postgres")
			if is != (want != "") || is && prefix.String() != want {
				t.Errorf("%s, as a %s: %v %s", line, way, is, prefix)
			}
		}
	}
}
