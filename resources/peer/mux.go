package peer

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// mux is a conversation with the ssh that holds the connection (OpenSSH,
// PROTOCOL.mux, version 4). To speak to it directly spares an ssh a request.
type mux struct{ net.Conn }

// The messages of the protocol that are used here.
const (
	muxHello      = 0x00000001
	muxNewSession = 0x10000002
	muxOpened     = 0x80000006
	muxExit       = 0x80000004

	muxVersion  = 4
	muxNoEscape = 0xffffffff
)

var errMux = errors.New("what holds the connection does not speak as ssh does")

// dialMux greets the ssh that listens at a socket: one that answers is alive.
func dialMux(ctx context.Context, socket string) (mux, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return mux{}, err
	}
	m := mux{c}
	if err := m.greet(); err != nil {
		c.Close()
		return mux{}, err
	}
	return m, nil
}

func (m mux) greet() error {
	if err := m.SetDeadline(time.Now().Add(checkLimit)); err != nil {
		return err
	}
	if err := m.say(muxHello, number(muxVersion)); err != nil {
		return err
	}
	kind, body, err := m.hear()
	if err == nil && (kind != muxHello || len(body) < 4 || binary.BigEndian.Uint32(body) != muxVersion) {
		err = errMux
	}
	if err != nil {
		return err
	}
	return m.SetDeadline(time.Time{})
}

// request asks for a session that runs a command, and hands over its three
// files.
func (m mux) request(command string, files ...*os.File) error {
	const none = "\x00\x00\x00\x00" // an empty string, or a flag that is not set
	body := none + none + none + none + none + none + number(muxNoEscape) + none + number(uint32(len(command))) + command
	if err := m.say(muxNewSession, body); err != nil {
		return err
	}
	for _, f := range files {
		if _, _, err := m.Conn.(*net.UnixConn).WriteMsgUnix([]byte{0}, syscall.UnixRights(int(f.Fd())), nil); err != nil {
			return err
		}
	}
	return nil
}

// exit waits for the end of the session, and tells whether the command ended
// well. The code comes before the last of what the command wrote, and ssh drops
// what is left when the conversation ends: it is ssh that ends it.
func (m mux) exit() (well bool) {
	for {
		switch kind, body, err := m.hear(); {
		case err != nil:
			return well
		case kind == muxExit && len(body) == 8:
			well = binary.BigEndian.Uint32(body[4:]) == 0
		case kind != muxOpened:
			return false
		}
	}
}

func (m mux) say(kind uint32, body string) error {
	_, err := io.WriteString(m, number(uint32(len(body)+4))+number(kind)+body)
	return err
}

func (m mux) hear() (kind uint32, body []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(m, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size < 4 || size > lineLimit {
		return 0, nil, errMux
	}
	body = make([]byte, size-4)
	_, err = io.ReadFull(m, body)
	return binary.BigEndian.Uint32(head[4:]), body, err
}

func number(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }
