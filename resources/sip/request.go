package sip

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// A Request is what is sent, without a body.
type Request struct {
	Transaction
	Transport string // "UDP" or "TCP"
	URI       string // whom it is sent to
	From, To  string // URIs
	More      []string
}

// Text is the request as it goes over a connection. Its Via asks for rport
// (RFC 3581 §3).
func (r Request) Text(c net.Conn) []byte {
	lines := []string{
		r.Method + " " + r.URI + " SIP/2.0",
		fmt.Sprintf("Via: SIP/2.0/%s %s;branch=%s;rport", r.Transport, Place(c.LocalAddr()), r.Branch),
		"Max-Forwards: 70",
		"From: <" + r.From + ">;tag=" + r.Tag,
		"To: <" + r.To + ">",
		"Call-ID: " + r.CallID,
		fmt.Sprintf("CSeq: %d %s", r.CSeq, r.Method),
	}
	lines = append(append(lines, r.More...), "User-Agent: hotpair", "Content-Length: 0", "", "")
	return []byte(strings.Join(lines, "\r\n"))
}

// Place is one end of a connection, without a zone, which means nothing to
// another host. As text its IPv6 address stands in brackets (RFC 3261 §25.1,
// IPv6reference).
func Place(a net.Addr) netip.AddrPort {
	var both netip.AddrPort
	switch a := a.(type) {
	case *net.UDPAddr:
		both = a.AddrPort()
	case *net.TCPAddr:
		both = a.AddrPort()
	}
	return netip.AddrPortFrom(both.Addr().Unmap().WithZone(""), both.Port())
}

// Host is an address as a URI has it.
func Host(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}
