package probe

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/sip"
)

// userAgent is what hotpair calls itself.
const userAgent = "hotpair"

// An inquiry is one OPTIONS request (RFC 3261 §11.1), known by what it has that
// nobody can guess.
type inquiry struct {
	transport           string // "UDP" or "TCP"
	branch, tag, callID string
}

func newInquiry(transport string) inquiry {
	return inquiry{transport: transport, branch: sip.Branch(), tag: rand.Text(), callID: rand.Text()}
}

// sequence is the CSeq of each request: every one has a Call-ID of its own.
const sequence = 1

// text is the request from one end of a connection to the other.
func (q inquiry) text(c net.Conn) []byte {
	local, remote := bare(c.LocalAddr()), bare(c.RemoteAddr())
	parameter := ";transport=" + strings.ToLower(q.transport)
	return []byte(strings.Join([]string{
		"OPTIONS sip:" + remote.String() + parameter + " SIP/2.0",
		"Via: SIP/2.0/" + q.transport + " " + local.String() + ";branch=" + q.branch + ";rport", // RFC 3581 §3
		"Max-Forwards: 70",
		"From: <sip:" + userAgent + "@" + hostPart(local.Addr()) + ">;tag=" + q.tag,
		"To: <sip:" + hostPart(remote.Addr()) + ">",
		"Call-ID: " + q.callID,
		fmt.Sprintf("CSeq: %d OPTIONS", sequence),
		"Contact: <sip:" + userAgent + "@" + local.String() + parameter + ">",
		"Accept: application/sdp",
		"User-Agent: " + userAgent,
		"Content-Length: 0",
		"", "",
	}, "\r\n"))
}

// bare is an address without a zone, which means nothing to another host. IPv6
// stands in brackets (RFC 3261 §25.1, IPv6reference).
func bare(a net.Addr) netip.AddrPort {
	var both netip.AddrPort
	switch a := a.(type) {
	case *net.UDPAddr:
		both = a.AddrPort()
	case *net.TCPAddr:
		both = a.AddrPort()
	}
	return netip.AddrPortFrom(both.Addr().Unmap().WithZone(""), both.Port())
}

func hostPart(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

// errOther is the fate of a response to something else.
var errOther = errors.New("an answer to another question")

// judge says what a response answers (RFC 3261 §17.1.3, §8.1.3.3): Unknown and no
// error for one that is not final.
func (q inquiry) judge(r sip.Response) (failover.Answer, error) {
	asked := sip.Transaction{Branch: q.branch, Tag: q.tag, CallID: q.callID, CSeq: sequence, Method: "OPTIONS"}
	switch {
	case !asked.Answered(r):
		return failover.Silent, errOther
	case r.Status < 200:
		return failover.Unknown, nil
	case r.Status == 503:
		return failover.Busy, fmt.Errorf("it answers 503 %s", host.Printable(r.Reason))
	}
	return failover.Alive, nil
}
