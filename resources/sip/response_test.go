package sip

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

const good = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1:4711;branch=z9hG4bKa;rport=4711\r\n" +
	"From: <sip:hotpair@10.0.0.1>;tag=b\r\nTo: <sip:10.0.0.2>;tag=c\r\nCall-ID: d\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"

// with is the good response, a part of it replaced.
func with(old, new string) string { return strings.Replace(good, old, new, 1) }

func goodResponses() []string {
	return []string{
		good,
		with("\r\nContent-Length: 0", ""),
		with("Content-Length: 0\r\n\r\n", "l: 4\r\n\r\nbody"),
		with("Content-Length: 0\r\n\r\n", "Content-Length: 4\r\n\r\nbody, and more"),
		with("Via: ", "v  :\t"), with("From:", "f:"), with("To:", "t:"), with("Call-ID:", "i:"), with("Via", "vIA"),
		with("SIP/2.0/UDP 10.0.0.1:4711;branch", "SIP / 2.0 / UDP [fd77::1]:4711;x=\"a;branch=q,\\\"\" ; Branch "),
		with("CSeq: 1 OPTIONS", "CSeq:\r\n 1\r\n\t OPTIONS"),
		with("200 OK", "503 "), with("200 OK", "699 Überlastet"), with("200 OK", "100 Trying"),
		with("To:", "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKx\r\nTo:"),
		with("rport=4711\r\n", "rport=4711, SIP/2.0/UDP 10.0.0.9\r\n"),
		with("To:", "X-Anything: :;\"\r\nTo:"),
	}
}

func badResponses() []string {
	return []string{
		"", "\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", strings.TrimSuffix(good, "\r\n"), strings.ReplaceAll(good, "\r\n", "\n"),
		with("SIP/2.0 200 OK", "OPTIONS sip:10.0.0.1 SIP/2.0"), with("SIP/2.0 ", "SIP/3.0 "), with("SIP/2.0 ", "HTTP/1.1 "), with("200", "99"), with("200", "700"),
		with("200", "+20"), with("200", "2000"), with("200 OK", "20"),
		with("branch=z9hG4bKa;", ""), with("branch=z9hG4bKa", "branch="), with("rport=4711", "branch=z9hG4bKb"), with("rport=4711", "x=\"y"),
		with("To:", "Call-ID: d\r\nTo:"), with("To:", "i: d\r\nTo:"), with("To:", "l: 0\r\nTo:"), with("To:", "t: x\r\nTo:"),
		with("Call-ID: d\r\n", ""), with("To: <sip:10.0.0.2>;tag=c\r\n", ""), with("From: <sip:hotpair@10.0.0.1>;tag=b\r\n", ""), with("CSeq: 1 OPTIONS\r\n", ""),
		with("1 OPTIONS", "1"), with("1 OPTIONS", "-1 OPTIONS"), with("1 OPTIONS", "2147483648 OPTIONS"), with("1 OPTIONS", "1 OPTIONS x"), with("1 OPTIONS", "1 OPT(IONS"),
		with("Content-Length: 0", "Content-Length: 1"), with("Content-Length: 0", "Content-Length: -1"), with("Content-Length: 0", "Content-Length: 99999999999999999999"),
		with("Via: ", " Via: "), with("Via:", "V ia:"), with("Via:", ":"), with("Call-ID: d", "Call-ID d"),
		with("Call-ID: d", "Call-ID: d\x00"), with("Call-ID: d", "Call-ID: d\re"), with("Call-ID: d", "Call-ID: d\ne"), with("OK", "\x1b[31m"),
		with("To:", strings.Repeat("X: y\r\n", mostHeaders)+"To:"), with("To:", "X: "+strings.Repeat("y", Most)+"\r\nTo:"),
	}
}

func TestAResponseIsReadFromAPacket(t *testing.T) {
	for _, text := range goodResponses() {
		r, err := Parse([]byte(text))
		if err != nil || r.Branch != "z9hG4bKa" || r.CallID != "d" || r.CSeq != 1 || r.Method != "OPTIONS" || !strings.HasSuffix(r.From, ";tag=b") {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	}
	for _, text := range badResponses() {
		if r, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q: %+v", text, r)
		}
	}
}

func TestTheNumberOfViasIsKnown(t *testing.T) {
	for text, want := range map[string]int{
		good: 1, with("To:", "Via: SIP/2.0/UDP 10.0.0.9\r\nTo:"): 2, with("rport=4711", "rport=4711, SIP/2.0/UDP 10.0.0.9;x=\",\""): 2,
	} {
		if r, err := Parse([]byte(text)); err != nil || r.Vias != want {
			t.Errorf("%q: %d, %v", text, r.Vias, err)
		}
	}
}

func TestResponsesAreReadFromAStreamOneAfterAnother(t *testing.T) {
	stream := bufio.NewReader(strings.NewReader("\r\n\r\n" + with("200", "100") + with("Length: 0\r\n\r\n", "Length: 6\r\n\r\nSIP/2.") + "\r\n" + with("200", "404")))
	for _, want := range []int{100, 200, 404} {
		if r, err := Read(stream); err != nil || r.Status != want {
			t.Errorf("%+v, %v; wanted %d", r, err, want)
		}
	}
	if _, err := Read(stream); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// endless is a stream that says the same for ever.
type endless struct {
	text string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, strings.Repeat(e.text, len(p)/len(e.text)+1)), nil
}

func TestAStreamIsReadNoFurtherThanAMessageGoes(t *testing.T) {
	for _, text := range []string{"x", "X: y\r\n", "\r\nx"} {
		e := &endless{text: text}
		if r, err := Read(bufio.NewReader(e)); err == nil || e.read > 2*Most {
			t.Errorf("%q: %+v, %d bytes read", text, r, e.read)
		}
	}
	for _, text := range []string{with("Content-Length: 0\r\n", ""), with("Length: 0", "Length: 16384"), with("Length: 0", "Length: 2147483648"), with("Length: 0", "Length: 1")} {
		if r, err := Read(bufio.NewReader(strings.NewReader(text))); err == nil {
			t.Errorf("%q: %+v", text, r)
		}
	}
}
