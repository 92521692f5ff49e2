package sip

import (
	"strings"
	"testing"
	"unicode"
)

const theirs = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`

// RFC 7616 §3.9.1 has a request and its answers.
func TestTheAnswerIsThatOfTheStandard(t *testing.T) {
	for algorithm, want := range map[string]string{
		"MD5":     "8ca523f5e9506fed4657c9700eebdbec",
		"SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
	} {
		c, ok := challenge(strings.Replace(theirs, "%", algorithm, 1))
		if !ok {
			t.Fatal(algorithm)
		}
		const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
		if got := c.response(c.hash("Mufasa:"+c.realm+":Circle of Life"), "GET:/dir/index.html", cnonce); got != want {
			t.Errorf("%s: %s", algorithm, got)
		}
	}
}

// RFC 2617 §3.5, without qop, as RFC 2069 has it: its erratum 749 gives the value.
func TestAChallengeWithoutQualityIsAnswered(t *testing.T) {
	c, ok := challenge(`Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`)
	if got := c.response(c.hash("Mufasa:"+c.realm+":CircleOfLife"), "GET:/dir/index.html", ""); !ok || got != "1949323746fe6a43ef61f9606e7febea" {
		t.Errorf("%v, %s", ok, got)
	}
}

func TestTheFirstChallengeThatCanBeAnsweredIs(t *testing.T) {
	headers := "WWW-Authenticate: Bearer realm=\"a\"\r\nWWW-Authenticate: Digest realm=\"b\",nonce=\"1\",algorithm=SHA-512-256\r\nWWW-Authenticate: Digest realm=\"c\",nonce=\"2\",algorithm=sha-256,qop=\"auth\",stale=TRUE,opaque=\"o\"\r\nTo:"
	r, err := Parse([]byte(strings.Replace(with("200 OK", "401 Unauthorized"), "To:", headers, 1)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Challenge()
	if err != nil || c.realm != "c" || !c.Stale {
		t.Errorf("%+v, %v", c, err)
	}
	line := c.Answer("alice", "secret", "REGISTER", "sip:example.org")
	for _, part := range []string{`Authorization: Digest username="alice", realm="c", nonce="2", uri="sip:example.org", response="`, `, algorithm=SHA-256, qop=auth, nc=00000001, cnonce="`, `, opaque="o"`} {
		if !strings.Contains(line, part) {
			t.Errorf("no %q in %q", part, line)
		}
	}
	r, err = Parse([]byte(strings.Replace(with("200 OK", "407 x"), "To:", "Proxy-Authenticate: Digest realm=\"d\", nonce=\"3\"\r\nTo:", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if c, err = r.Challenge(); err != nil || !strings.HasPrefix(c.Answer("a", "b", "REGISTER", "sip:d"), "Proxy-Authorization: Digest ") {
		t.Errorf("%+v, %v", c, err)
	}
}

func badChallenges() []string {
	return []string{"", "Digest", "Digest ", `Basic realm="a"`, `Digest realm="a"`, `Digest nonce=""`, `Digest nonce="a", nonce="b"`, `Digest nonce="a`, `Digest nonce="a", algorithm=MD5-sess`,
		`Digest nonce="a", algorithm=SHA-1`, `Digest nonce="a", qop="auth-int"`, `Digest nonce="a", qop=""`, `Digest nonce="a"b"c"`}
}

func TestWhatCannotBeAnsweredIsNot(t *testing.T) {
	for _, text := range badChallenges() {
		if c, ok := challenge(text); ok {
			t.Errorf("%q: %+v", text, c)
		}
	}
}

// The answer to whatever a server asks is one header line.
func FuzzChallenge(f *testing.F) {
	for _, seed := range append(badChallenges(), strings.Replace(theirs, "%", "MD5", 1)) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		r, err := Parse([]byte(strings.Replace(with("200 OK", "401 x"), "To:", "WWW-Authenticate: "+value+"\r\nTo:", 1)))
		if err != nil {
			return
		}
		c, err := r.Challenge()
		if err != nil {
			return
		}
		line := c.Answer("user", "not to be seen", "REGISTER", "sip:host")
		if strings.ContainsFunc(strings.ReplaceAll(line, "\t", ""), func(c rune) bool { return c < 0x80 && unicode.IsControl(c) }) || strings.Contains(line, "not to be seen") {
			t.Fatalf("%q", line)
		}
		if _, err := split(line, ','); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	})
}
