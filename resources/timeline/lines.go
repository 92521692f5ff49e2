package timeline

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
)

const (
	// longest is how much of a line is read, in bytes; its rest is passed over.
	longest = 16 << 10
	chunk   = 64 << 10
)

// lines reads a text line by line in bounded memory, unpacked where it is gzip's
// (RFC 1952, section 2.3.1).
type lines struct {
	in  *bufio.Reader
	buf []byte
}

func newLines(in io.Reader) (*lines, error) {
	r := bufio.NewReaderSize(in, chunk)
	if magic, err := r.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = bufio.NewReaderSize(unpacked, chunk)
	}
	return &lines{in: r}, nil
}

// next is the next line without its end; io.EOF after the last.
func (l *lines) next() (string, error) {
	l.buf = l.buf[:0]
	some := false
	for {
		part, err := l.in.ReadSlice('\n')
		some = some || len(part) > 0
		l.buf = append(l.buf, part[:min(len(part), max(0, longest-len(l.buf)))]...)
		switch {
		case err == bufio.ErrBufferFull:
		case err == io.EOF && some, err == nil:
			return string(bytes.TrimRight(l.buf, "\r\n")), nil
		default:
			return "", err
		}
	}
}
