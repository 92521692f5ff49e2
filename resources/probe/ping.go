package probe

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// Ping asks by one ICMP echo request (RFC 792, RFC 4443 §4) whether a host is up.
type Ping struct {
	To   netip.Addr
	From netip.Addr // of this node; zero: the kernel chooses
}

// version is what differs between IPv4 and IPv6.
type version struct {
	raw, datagram  string // networks of package icmp
	any            string
	number         int // of the protocol
	request, reply icmp.Type
}

func (p Ping) version() version {
	if p.To.Unmap().Is4() {
		return version{"ip4:icmp", "udp4", "0.0.0.0", 1, ipv4.ICMPTypeEcho, ipv4.ICMPTypeEchoReply}
	}
	return version{"ip6:ipv6-icmp", "udp6", "::", 58, ipv6.ICMPTypeEchoRequest, ipv6.ICMPTypeEchoReply}
}

func (p Ping) check() error { return checkAddresses(p.To, p.From) }

// Ask sends a request, and waits for the reply that has its number, its nonce and
// the right source.
func (p Ping) Ask(ctx context.Context) (failover.Answer, error) {
	c, err := p.open()
	if err != nil {
		return failover.Silent, err
	}
	defer c.Close()
	defer until(ctx, c)()
	return p.exchange(c)
}

// open takes a raw socket, or else a datagram socket, which the kernel may give
// to users without privileges (icmp(7), ping_group_range).
func (p Ping) open() (*icmp.PacketConn, error) {
	v := p.version()
	local := v.any
	if p.From.IsValid() {
		local = p.From.Unmap().String()
	}
	c, err := icmp.ListenPacket(v.raw, local)
	if errors.Is(err, syscall.EPERM) {
		c, err = icmp.ListenPacket(v.datagram, local)
	}
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
		return nil, fmt.Errorf("%w: this user may not ping; run hotpair as root or with CAP_NET_RAW, or ask by TCP instead", ErrNotAsked)
	}
	return c, err
}

func (p Ping) exchange(c *icmp.PacketConn) (failover.Answer, error) {
	to := p.To.Unmap()
	address := net.Addr(&net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()})
	echo := newEcho()
	if local, datagram := c.LocalAddr().(*net.UDPAddr); datagram {
		address = &net.UDPAddr{IP: to.AsSlice(), Zone: to.Zone()}
		echo.ID = local.Port // the kernel's choice
	}
	v := p.version()
	text, err := (&icmp.Message{Type: v.request, Body: echo}).Marshal(nil)
	if err != nil {
		return failover.Silent, err
	}
	if _, err := c.WriteTo(text, address); err != nil {
		return failover.Silent, err
	}
	buffer := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(buffer)
		if err != nil {
			return failover.Silent, err
		}
		if p.from(from) && v.answers(buffer[:n], echo) {
			return failover.Alive, nil
		}
	}
}

func newEcho() *icmp.Echo {
	random := make([]byte, 4+16)
	_, _ = rand.Read(random) // it never fails
	return &icmp.Echo{ID: int(binary.BigEndian.Uint16(random)), Seq: int(binary.BigEndian.Uint16(random[2:])), Data: random[4:]}
}

// from tells whether a packet's source is the host that was asked.
func (p Ping) from(source net.Addr) bool {
	var ip net.IP
	switch a := source.(type) {
	case *net.IPAddr:
		ip = a.IP
	case *net.UDPAddr:
		ip = a.IP
	}
	address, ok := netip.AddrFromSlice(ip)
	return ok && address.Unmap() == p.To.Unmap().WithZone("")
}

// answers tells whether a packet is the reply to a request.
func (v version) answers(packet []byte, asked *icmp.Echo) bool {
	m, err := icmp.ParseMessage(v.number, packet)
	if err != nil || m.Type != v.reply || m.Code != 0 {
		return false
	}
	e, ok := m.Body.(*icmp.Echo)
	return ok && e.ID == asked.ID && e.Seq == asked.Seq && bytes.Equal(e.Data, asked.Data)
}
