package drill

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/hotpair/hotpair/resources/sip"
)

// line is a phone's way to one server.
type line struct {
	net.Conn
	user, domain string
	tag, callID  string // the same for all registrations of a phone (RFC 3261 §10.2)
	cseq         uint32
}

func newLine(c net.Conn, user, domain string) *line {
	if domain == "" {
		domain = sip.Host(sip.Place(c.RemoteAddr()).Addr())
	}
	return &line{Conn: c, user: user, domain: domain, tag: rand.Text(), callID: rand.Text()}
}

// uri is whom a registration is sent to (RFC 3261 §10.2).
func (l *line) uri() string { return "sip:" + l.domain }

// contact is where the phone can be reached.
func (l *line) contact() netip.AddrPort { return sip.Place(l.LocalAddr()) }

// next is a registration for a time, with the answer to a challenge in a line of
// its own; "": nothing was asked for.
func (l *line) next(expiry time.Duration, proof string) (sip.Transaction, []byte) {
	l.cseq++
	t := sip.Transaction{Branch: sip.Branch(), Tag: l.tag, CallID: l.callID, CSeq: l.cseq, Method: "REGISTER"}
	of := "sip:" + l.user + "@" + l.domain
	more := []string{fmt.Sprintf("Contact: <sip:%s@%s>", l.user, l.contact()), fmt.Sprintf("Expires: %d", int(expiry.Seconds()))}
	if proof != "" {
		more = append(more, proof)
	}
	return t, sip.Request{Transaction: t, Transport: "UDP", URI: l.uri(), From: of, To: of, More: more}.Text(l)
}
