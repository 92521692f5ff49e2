package probe_test

import (
	"bufio"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// A responder is a SIP server that answers each request with what a function
// makes of it, any number of messages, in this order.
type responder struct {
	At netip.AddrPort

	mu       sync.Mutex
	requests []string
	times    []time.Time
	dials    int
	from     string
}

func (r *responder) add(request string, from net.Addr) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.times, r.from = append(r.requests, request), append(r.times, time.Now()), from.String()
	return len(r.requests)
}

func (r *responder) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.requests...)
}

// connections is how many were made.
func (r *responder) connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dials
}

// source is where the last request came from.
func (r *responder) source() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.from
}

type answers func(number int, request string) []string

// overUDP starts a responder that lives as long as the test.
func overUDP(t *testing.T, address string, answer answers) *responder {
	t.Helper()
	c, err := net.ListenPacket("udp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Fatal(err)
	}
	r := &responder{At: c.LocalAddr().(*net.UDPAddr).AddrPort()}
	var ended sync.WaitGroup
	ended.Go(func() {
		buffer := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(buffer)
			if err != nil {
				return
			}
			request := string(buffer[:n])
			for _, text := range answer(r.add(request, from), request) {
				_, _ = c.WriteTo([]byte(text), from) // who asked may be gone
			}
		}
	})
	t.Cleanup(func() { c.Close(); ended.Wait() })
	return r
}

// overTCP is overUDP for TCP.
func overTCP(t *testing.T, address string, answer answers) *responder {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Fatal(err)
	}
	r := &responder{At: l.Addr().(*net.TCPAddr).AddrPort()}
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.mu.Lock()
			r.dials++
			r.mu.Unlock()
			ended.Go(func() { r.serve(c, answer) })
		}
	})
	t.Cleanup(func() { l.Close(); ended.Wait() })
	return r
}

func (r *responder) serve(c net.Conn, answer answers) {
	defer c.Close()
	lines := bufio.NewScanner(c)
	var request strings.Builder
	for lines.Scan() {
		request.WriteString(lines.Text() + "\r\n")
		if lines.Text() != "" {
			continue
		}
		for _, text := range answer(r.add(request.String(), c.RemoteAddr()), request.String()) {
			_, _ = c.Write([]byte(text)) // who asked may be gone
		}
		request.Reset()
	}
}
