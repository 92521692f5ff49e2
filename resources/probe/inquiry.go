package probe

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/sip"
)

// An inquiry is one OPTIONS request (RFC 3261 §11.1). Each has a Call-ID of its
// own.
type inquiry struct {
	sip.Transaction
	transport string // "UDP" or "TCP"
}

func newInquiry(transport string) inquiry {
	return inquiry{sip.Transaction{Branch: sip.Branch(), Tag: rand.Text(), CallID: rand.Text(), CSeq: 1, Method: "OPTIONS"}, transport}
}

// text is the request from one end of a connection to the other.
func (q inquiry) text(c net.Conn) []byte {
	local, remote := sip.Place(c.LocalAddr()), sip.Place(c.RemoteAddr())
	parameter := ";transport=" + strings.ToLower(q.transport)
	return sip.Request{
		Transaction: q.Transaction, Transport: q.transport, URI: "sip:" + remote.String() + parameter,
		From: "sip:hotpair@" + sip.Host(local.Addr()), To: "sip:" + sip.Host(remote.Addr()),
		More: []string{"Contact: <sip:hotpair@" + local.String() + parameter + ">", "Accept: application/sdp"},
	}.Text(c)
}

// errOther is the fate of a response to something else.
var errOther = errors.New("an answer to another question")

// judge says what a response answers (RFC 3261 §17.1.3, §8.1.3.3): Unknown and no
// error for one that is not final.
func (q inquiry) judge(r sip.Response) (failover.Answer, error) {
	switch {
	case !q.Answered(r):
		return failover.Silent, errOther
	case r.Status < 200:
		return failover.Unknown, nil
	case r.Status == 503:
		return failover.Busy, fmt.Errorf("it answers 503 %s", host.Printable(r.Reason))
	}
	return failover.Alive, nil
}
