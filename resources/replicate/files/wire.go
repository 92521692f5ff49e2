package files

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The protocol, version 1. A frame is its length, four bytes with the highest
// first, and so many bytes. The sender begins.
//
//	sender                       receiver
//	greeting                     greeting
//	then, for each batch:
//	item … item, one of kind end needs: a byte for each item, or an objection
//	content of each item         an outcome for each item of which there is
//	that needs it                something to tell, then one with Last
//
// Content is frames that are not empty, then an empty one; a frame of length
// aborted says that the file changed, and is to be forgotten. An item comes
// after the directory that it is in.
const (
	version    = 1
	maxFrame   = 64 << 10
	maxItems   = 8 << 10
	maxHeaders = 16 << 20 // bytes of a batch's items
	aborted    = 1<<32 - 1
)

type greeting struct {
	Version   int      `json:"version"`
	Exclude   []string `json:"exclude,omitempty"`
	MaxDelete int      `json:"max_delete,omitempty"`
	Error     string   `json:"error,omitempty"`
}

// The kinds of an entry. Names and targets are bytes: a path need not be UTF-8.
const (
	kindFile = "file"
	kindDir  = "dir"
	kindLink = "link"
	kindGone = "gone"
	kindEnd  = "end"
)

type entry struct {
	Kind   string `json:"kind"`
	Path   []byte `json:"path,omitempty"`
	Mode   uint32 `json:"mode,omitempty"` // st_mode & 07777
	UID    int    `json:"uid,omitempty"`
	GID    int    `json:"gid,omitempty"`
	User   string `json:"user,omitempty"`
	Group  string `json:"group,omitempty"`
	Time   int64  `json:"time,omitempty"` // ns since the epoch
	Size   int64  `json:"size,omitempty"`
	Target []byte `json:"target,omitempty"`
}

// What the receiver needs of an item.
const (
	needNothing byte = iota
	needAttributes
	needContent
	needFailed // it cannot be had; the outcome says why
)

type outcome struct {
	Item    int    `json:"item"`
	Verb    string `json:"verb,omitempty"`
	Error   string `json:"error,omitempty"`
	Last    bool   `json:"last,omitempty"`
	Refused bool   `json:"refused,omitempty"` // the guard held
	Deletes int    `json:"deletes,omitempty"`
	Of      int    `json:"of,omitempty"`
}

// wire is one end.
type wire struct {
	r *bufio.Reader
	w *bufio.Writer
}

func newWire(r io.Reader, w io.Writer) *wire {
	return &wire{r: bufio.NewReaderSize(r, maxFrame), w: bufio.NewWriterSize(w, maxFrame)}
}

func (c *wire) length(n uint32) error {
	_, err := c.w.Write(binary.BigEndian.AppendUint32(nil, n))
	return err
}

func (c *wire) writeFrame(p []byte) error {
	if len(p) > maxFrame {
		return fmt.Errorf("a frame of %d bytes is too long", len(p))
	}
	err := c.length(uint32(len(p)))
	if err == nil {
		_, err = c.w.Write(p)
	}
	return err
}

func (c *wire) readLength() (uint32, error) {
	var head [4]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(head[:]), nil
}

func (c *wire) readFrame() ([]byte, error) {
	n, err := c.readLength()
	if err != nil {
		return nil, err
	}
	if n > maxFrame {
		return nil, fmt.Errorf("a frame of %d bytes is too long", n)
	}
	p := make([]byte, n)
	if _, err := io.ReadFull(c.r, p); err != nil {
		return nil, unexpected(err)
	}
	return p, nil
}

func (c *wire) writeJSON(v any) error {
	p, err := json.Marshal(v)
	if err == nil {
		err = c.writeFrame(p)
	}
	return err
}

// readJSON gives io.EOF only where the other end finished between frames.
func (c *wire) readJSON(v any) (size int, err error) {
	p, err := c.readFrame()
	if err == nil {
		err = json.Unmarshal(p, v)
	}
	return len(p), err
}

// unexpected is an end in the middle.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
