package takeover

import (
	"encoding/hex"
	"net/netip"
	"os"
	"slices"
	"strings"
)

// Gateway is the default gateway of a peer's address family, as the kernel's
// routing table has it (proc_net(5), /proc/net/route and ipv6_route); the zero
// address: there is none.
func Gateway(peer netip.Addr) netip.Addr {
	file, read := "/proc/net/route", gateway4
	if peer.Is6() {
		file, read = "/proc/net/ipv6_route", gateway6
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return netip.Addr{}
	}
	for line := range strings.Lines(string(text)) {
		if addr := read(strings.Fields(line)); addr.IsValid() && !addr.IsUnspecified() && !addr.IsLinkLocalUnicast() {
			return addr
		}
	}
	return netip.Addr{}
}

// gateway4 reads a line: interface, destination and gateway, which are in the
// machine's byte order, little-endian on what Debian runs telephony on.
func gateway4(fields []string) netip.Addr {
	if len(fields) < 8 || fields[1] != "00000000" || fields[7] != "00000000" {
		return netip.Addr{}
	}
	raw, err := hex.DecodeString(fields[2])
	if err != nil {
		return netip.Addr{}
	}
	slices.Reverse(raw)
	addr, _ := netip.AddrFromSlice(raw)
	return addr
}

// gateway6 reads a line: destination and its length, source and its length,
// next hop.
func gateway6(fields []string) netip.Addr {
	if len(fields) < 5 || fields[1] != "00" || strings.Trim(fields[0], "0") != "" {
		return netip.Addr{}
	}
	raw, err := hex.DecodeString(fields[4])
	if err != nil {
		return netip.Addr{}
	}
	addr, _ := netip.AddrFromSlice(raw)
	return addr
}
