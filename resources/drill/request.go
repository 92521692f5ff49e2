package drill

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"strings"
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
		domain = hostOf(c.RemoteAddr())
	}
	return &line{Conn: c, user: user, domain: domain, tag: rand.Text(), callID: rand.Text()}
}

// uri is whom a registration is sent to (RFC 3261 §10.2).
func (l *line) uri() string { return "sip:" + l.domain }

// contact is where the phone can be reached.
func (l *line) contact() netip.AddrPort {
	a := l.LocalAddr().(*net.UDPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// hostOf is the host of an address as a URI has it: IPv6 stands in brackets.
func hostOf(a net.Addr) string {
	addr := a.(*net.UDPAddr).AddrPort().Addr().Unmap().WithZone("")
	if addr.Is6() {
		return "[" + addr.String() + "]"
	}
	return addr.String()
}

// next is a registration for a time, with the answer to a challenge in a line of
// its own; "": nothing was asked for.
func (l *line) next(expiry time.Duration, proof string) (sip.Transaction, []byte) {
	l.cseq++
	t := sip.Transaction{Branch: sip.Branch(), Tag: l.tag, CallID: l.callID, CSeq: l.cseq, Method: "REGISTER"}
	of := fmt.Sprintf("<sip:%s@%s>", l.user, l.domain)
	lines := []string{
		"REGISTER " + l.uri() + " SIP/2.0",
		fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=%s;rport", l.contact(), t.Branch),
		"Max-Forwards: 70",
		"From: " + of + ";tag=" + t.Tag,
		"To: " + of,
		"Call-ID: " + t.CallID,
		fmt.Sprintf("CSeq: %d %s", t.CSeq, t.Method),
		fmt.Sprintf("Contact: <sip:%s@%s>", l.user, l.contact()),
		fmt.Sprintf("Expires: %d", int(expiry.Seconds())),
	}
	if proof != "" {
		lines = append(lines, proof)
	}
	lines = append(lines, "User-Agent: hotpair drill", "Content-Length: 0", "", "")
	return t, []byte(strings.Join(lines, "\r\n"))
}
