package sip

import (
	"bufio"
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// written is a message that says what a response holds.
func (r Response) written() string {
	var others strings.Builder
	for name, values := range r.others {
		for _, value := range values {
			fmt.Fprintf(&others, "%s: %s\r\n", name, value)
		}
	}
	vias := strings.Repeat("v: x\r\n", r.Vias-1)
	return fmt.Sprintf("SIP/2.0 %d %s\r\nVia: x;branch=%s\r\n%sFrom: %s\r\nt: x\r\nCALL-ID: %s\r\ncseq:\t%d %s\r\n%sl: 0\r\n\r\n",
		r.Status, r.Reason, r.Branch, vias, r.From, r.CallID, r.CSeq, r.Method, others.String())
}

// What is accepted is the same when it is written down and read again, by either
// reader; and a stream holds no more than it gives.
func FuzzResponse(f *testing.F) {
	for _, seed := range append(goodResponses(), badResponses()...) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		streamed, streamErr := Read(bufio.NewReader(bytes.NewReader(packet)))
		r, err := Parse(packet)
		if err != nil {
			return
		}
		if r.Status < 100 || r.Status > 699 || r.Vias < 1 || r.Branch == "" || r.CallID == "" || r.Method == "" || len(packet) > Most {
			t.Fatalf("accepted: %+v", r)
		}
		if r.Length >= 0 && !bytes.HasPrefix(packet, []byte("\r\n")) && (streamErr != nil || !reflect.DeepEqual(streamed, r)) {
			t.Fatalf("%+v from a packet, %+v, %v from a stream", r, streamed, streamErr)
		}
		r.Length = 0
		again, err := Parse([]byte(r.written()))
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("%+v is read again as %+v, %v", r, again, err)
		}
	})
}
