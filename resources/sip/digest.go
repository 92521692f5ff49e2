package sip

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Challenge is what a server wants a request to prove (RFC 7616 §3.3). Its
// texts are as they came, without their quotes: hostile, but no control
// character is in them.
type Challenge struct {
	realm, nonce, opaque string
	algorithm            string // as it came; "": MD5
	hash                 func(string) string
	quality              bool // qop is auth; false: none, as in RFC 2069
	Stale                bool // only the nonce was too old
	proxy                bool
}

// ErrNoDigest is the error of a challenge that cannot be answered.
var ErrNoDigest = errors.New("it asks for a password in no way that is known: Digest with MD5 or SHA-256")

// Challenge is the first that can be answered (RFC 8760 §2.4).
func (r Response) Challenge() (Challenge, error) {
	name := "www-authenticate"
	if r.Status == 407 {
		name = "proxy-authenticate"
	}
	for _, value := range r.others[name] {
		if c, ok := challenge(value); ok {
			c.proxy = r.Status == 407
			return c, nil
		}
	}
	return Challenge{}, ErrNoDigest
}

func challenge(value string) (Challenge, bool) {
	known, sound := parameters(value)
	c := Challenge{realm: known["realm"], nonce: known["nonce"], opaque: known["opaque"], algorithm: known["algorithm"],
		Stale: strings.EqualFold(known["stale"], "true"), hash: hashOf(known["algorithm"])}
	qop, there := known["qop"]
	c.quality = slices.ContainsFunc(strings.Split(qop, ","), func(q string) bool { return strings.EqualFold(strings.Trim(q, " \t"), "auth") })
	return c, sound && c.hash != nil && c.nonce != "" && c.quality == there
}

// parameters takes a Digest challenge apart; false: it is none.
func parameters(value string) (map[string]string, bool) {
	scheme, rest, _ := strings.Cut(value, " ")
	list, err := split(rest, ',')
	if !strings.EqualFold(scheme, "Digest") || err != nil {
		return nil, false
	}
	known := map[string]string{}
	for _, parameter := range list {
		name, text, _ := strings.Cut(parameter, "=")
		name = strings.ToLower(strings.Trim(name, " \t"))
		bare, sound := bareText(text)
		if _, twice := known[name]; twice || !sound {
			return nil, false
		}
		known[name] = bare
	}
	return known, true
}

// bareText is a token, or what is between the quotes of a quoted string (RFC 3261
// §25.1); false: it is neither.
func bareText(text string) (string, bool) {
	text = strings.Trim(text, " \t")
	inner, quoted := strings.CutPrefix(text, `"`)
	if quoted {
		text, quoted = strings.CutSuffix(inner, `"`)
		if !quoted {
			return "", false
		}
	}
	for rest := text; rest != ""; rest = rest[1:] {
		switch {
		case rest[0] == '"', rest == `\`:
			return "", false
		case rest[0] == '\\':
			rest = rest[1:]
		}
	}
	return text, true
}

// hashOf is an algorithm (RFC 7616 §6.1); nil: it is not known.
func hashOf(algorithm string) func(string) string {
	switch strings.ToUpper(algorithm) {
	case "", "MD5":
		return func(text string) string { sum := md5.Sum([]byte(text)); return hex.EncodeToString(sum[:]) }
	case "SHA-256":
		return func(text string) string { sum := sha256.Sum256([]byte(text)); return hex.EncodeToString(sum[:]) }
	}
	return nil
}

// Answer is the header line that proves that a user knows the password of a
// request of a method to a URI (RFC 7616 §3.4). The user must hold no quote and
// no control character.
func (c Challenge) Answer(user, password, method, uri string) string {
	name := "Authorization"
	if c.proxy {
		name = "Proxy-Authorization"
	}
	cnonce := rand.Text()
	line := fmt.Sprintf(`%s: Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s"`,
		name, user, c.realm, c.nonce, uri, c.response(c.hash(user+":"+c.realm+":"+password), method+":"+uri, cnonce))
	if c.algorithm != "" {
		line += ", algorithm=" + strings.ToUpper(c.algorithm)
	}
	if c.quality {
		line += fmt.Sprintf(`, qop=auth, nc=%s, cnonce="%s"`, firstUse, cnonce)
	}
	if c.opaque != "" {
		line += fmt.Sprintf(`, opaque="%s"`, c.opaque)
	}
	return line
}

// firstUse is the count of a nonce that is used once.
const firstUse = "00000001"

func (c Challenge) response(secret, request, cnonce string) string {
	if !c.quality {
		return c.hash(secret + ":" + c.nonce + ":" + c.hash(request))
	}
	return c.hash(strings.Join([]string{secret, c.nonce, firstUse, cnonce, "auth", c.hash(request)}, ":"))
}
