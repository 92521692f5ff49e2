package sip

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A Response is what is needed of a SIP response (RFC 3261 §7.2).
type Response struct {
	Status int    // 100 to 699
	Reason string // as it came: hostile
	Branch string // of the topmost Via
	Vias   int    // how many there are
	From   string // whole value
	CallID string
	CSeq   uint32
	Method string // of CSeq
	Length int    // Content-Length; -1: none

	others map[string][]string // whole values, by name: hostile
}

// Most is how many bytes a message may have, body included.
const Most = 16 << 10

const mostHeaders = 128

// headEnd is between head and body.
const headEnd = "\r\n\r\n"

// Parse reads one response, the whole of a datagram. It is strict: lines
// end with CRLF, what must be there once is there once, and no control character
// is anywhere in the head (RFC 3261 §7.3, §8.1.1, §25.1).
func Parse(packet []byte) (Response, error) {
	head, body, found := bytes.Cut(packet, []byte(headEnd))
	if len(packet) > Most || !found {
		return Response{}, fmt.Errorf("no whole message within %d bytes", Most)
	}
	r, err := parseHead(string(head))
	if err == nil && r.Length > len(body) {
		err = errors.New("the body is shorter than Content-Length says") // RFC 3261 §18.3
	}
	return r, err
}

// Read reads one response from a stream (RFC 3261 §18.3, §7.5).
func Read(stream *bufio.Reader) (Response, error) {
	var head []byte
	for !bytes.HasSuffix(head, []byte(headEnd)) {
		b, err := stream.ReadByte()
		if err != nil {
			return Response{}, err
		}
		if head = append(head, b); len(head) == 2 && string(head) == "\r\n" {
			head = head[:0] // keep-alives come before a message (RFC 5626 §3.5.1)
		}
		if len(head) > Most {
			return Response{}, fmt.Errorf("no whole message within %d bytes", Most)
		}
	}
	r, err := parseHead(string(head[:len(head)-len(headEnd)]))
	switch {
	case err != nil:
		return Response{}, err
	case r.Length < 0:
		return Response{}, errors.New("a stream needs Content-Length")
	case len(head)+r.Length > Most:
		return Response{}, fmt.Errorf("no whole message within %d bytes", Most)
	}
	_, err = io.CopyN(io.Discard, stream, int64(r.Length))
	return r, err
}

func parseHead(head string) (Response, error) {
	lines, err := unfold(head)
	if err != nil {
		return Response{}, err
	}
	r, err := parseStatus(lines[0])
	if err != nil {
		return Response{}, err
	}
	once := map[string]string{}
	for _, line := range lines[1:] {
		name, value, err := parseHeader(line)
		if err == nil {
			err = r.take(once, name, value)
		}
		if err != nil {
			return Response{}, err
		}
	}
	return r, r.complete(once)
}

// unfold gives the lines of a head; one that begins with white space continues
// the line before (RFC 3261 §7.3.1).
func unfold(head string) ([]string, error) {
	if strings.Count(head, "\r\n") > mostHeaders {
		return nil, fmt.Errorf("more than %d header lines", mostHeaders)
	}
	var lines []string
	for line := range strings.SplitSeq(head, "\r\n") {
		if strings.ContainsFunc(line, control) {
			return nil, errors.New("a control character")
		}
		folded := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch {
		case !folded:
			lines = append(lines, line)
		case len(lines) < 2:
			return nil, errors.New("it begins with a continued line")
		default:
			lines[len(lines)-1] += " " + strings.Trim(line, " \t")
		}
	}
	return lines, nil
}

func control(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

func parseStatus(line string) (Response, error) {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	status, err := strconv.ParseUint(code, 10, 16)
	if !strings.EqualFold(version, "SIP/2.0") || len(code) != 3 || err != nil || status < 100 || status > 699 {
		return Response{}, errors.New("no SIP/2.0 response")
	}
	return Response{Status: int(status), Reason: reason, Length: -1}, nil
}
