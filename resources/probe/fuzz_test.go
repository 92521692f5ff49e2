package probe

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// written is a message that says what a response holds.
func (r response) written() string {
	vias := strings.Repeat("v: x\r\n", r.vias-1)
	return fmt.Sprintf("SIP/2.0 %d %s\r\nVia: x;branch=%s\r\n%sFrom: %s\r\nt: x\r\nCALL-ID: %s\r\ncseq:\t%d %s\r\nl: 0\r\n\r\n",
		r.status, r.reason, r.branch, vias, r.from, r.callID, r.cseq, r.method)
}

// What is accepted is the same when it is written down and read again, by either
// reader; and a stream holds no more than it gives.
func FuzzResponse(f *testing.F) {
	for _, seed := range append(goodResponses(), badResponses()...) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		streamed, streamErr := readResponse(bufio.NewReader(bytes.NewReader(packet)))
		r, err := parseResponse(packet)
		if err != nil {
			return
		}
		if r.status < 100 || r.status > 699 || r.vias < 1 || r.branch == "" || r.callID == "" || r.method == "" || len(packet) > mostSIP {
			t.Fatalf("accepted: %+v", r)
		}
		if r.length >= 0 && !bytes.HasPrefix(packet, []byte("\r\n")) && (streamErr != nil || streamed != r) {
			t.Fatalf("%+v from a packet, %+v, %v from a stream", r, streamed, streamErr)
		}
		r.length = 0
		again, err := parseResponse([]byte(r.written()))
		if err != nil || again != r {
			t.Fatalf("%+v is read again as %+v, %v", r, again, err)
		}
	})
}
