package takeover

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/pattern"
)

// booted is when this node was started (proc(5), /proc/stat); zero: not known.
func booted() time.Time {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return time.Time{}
	}
	for scanner := bufio.NewScanner(bytes.NewReader(text)); scanner.Scan(); {
		if at, is := strings.CutPrefix(scanner.Text(), "btime "); is {
			seconds, err := strconv.ParseInt(at, 10, 64)
			if err != nil {
				return time.Time{}
			}
			return time.Unix(seconds, 0)
		}
	}
	return time.Time{}
}

// cut tells whether this node has no way to its peer: no route, or an interface
// that lost its link (Documentation/ABI/testing/sysfs-class-net, carrier). What
// cannot be found out is no loss.
func cut(peer netip.Addr) bool {
	own, err := OwnAddress(peer)
	if err != nil {
		return errors.Is(err, syscall.ENETUNREACH)
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range interfaces {
		if has(i, own) {
			text, err := os.ReadFile(filepath.Join("/sys/class/net", i.Name, "carrier"))
			return err == nil && strings.TrimSpace(string(text)) == "0"
		}
	}
	return false
}

func has(i net.Interface, own netip.Addr) bool {
	addresses, err := i.Addrs()
	return err == nil && slices.ContainsFunc(addresses, func(a net.Addr) bool {
		prefix, err := netip.ParsePrefix(a.String())
		return err == nil && prefix.Addr() == own
	})
}

// OwnAddress is the address that this node speaks to its peer from. To connect a
// datagram socket sends nothing.
func OwnAddress(peer netip.Addr) (netip.Addr, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(peer, discard)))
	if err != nil {
		return netip.Addr{}, err
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(), nil
}

// discard is a port (RFC 863) that nothing is sent to.
const discard = 9

const unknown = -1

// served counts the calls and registrations of this node, in the background:
// an Asterisk that hangs must hold nothing up.
type served struct {
	calls, registrations atomic.Int64
	busy                 atomic.Bool
	last                 time.Time
}

// count looks again, now and then.
func (s *served) count(ctx context.Context, h *host.Host, asterisk string, now time.Time) {
	if asterisk == "" || now.Sub(s.last) < countEvery || !s.busy.CompareAndSwap(false, true) {
		return
	}
	s.last = now
	go func() {
		defer s.busy.Store(false)
		ctx, cancel := context.WithTimeout(ctx, countLimit)
		defer cancel()
		ask := func(what string, shape func() *regexp.Regexp) int64 {
			text, err := h.Output(ctx, asterisk, "-rx", what)
			return counted(text, err, shape())
		}
		s.calls.Store(ask("core show channels count", activeCalls))
		// Asterisk keeps what phones registered in its own database: registrar by
		// PJSIP, SIP/Registry by chan_sip. The contacts of trunks are not in it.
		pjsip, chanSIP := ask("database show registrar", entries), ask("database show SIP/Registry", entries)
		if s.registrations.Store(pjsip + chanSIP); pjsip == unknown || chanSIP == unknown {
			s.registrations.Store(unknown)
		}
	}()
}

// forget makes the counts unknown.
func (s *served) forget() {
	s.calls.Store(unknown)
	s.registrations.Store(unknown)
}

const (
	countEvery = 5 * time.Second
	countLimit = 10 * time.Second
)

var (
	activeCalls = pattern.Lazy(`(?m)^(\d+) active calls?$`)
	entries     = pattern.Lazy(`(?m)^(\d+) results? found\.$`)
)

// counted reads a figure of Asterisk's.
func counted(text string, err error, shape *regexp.Regexp) int64 {
	found := shape.FindStringSubmatch(text)
	if err != nil || found == nil {
		return unknown
	}
	n, err := strconv.ParseInt(found[1], 10, 32)
	if err != nil {
		return unknown
	}
	return n
}
