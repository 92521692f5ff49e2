package schema

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// checkAddress accepts the one way to write an address that another node can
// have. What it refuses would mean something else to one of the programs that
// read ha.conf, pg_hba.conf or a cron file.
func checkAddress(text string) string {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return whyNoAddress(text)
	}
	switch {
	case addr.Zone() != "":
		return "An address with a zone (%) holds on one machine only. Write the peer's address without it, one that is not link-local."
	case addr.Is4In6():
		return fmt.Sprintf("This is an IPv4 address written as an IPv6 one. Write %q.", addr.Unmap())
	case addr.IsUnspecified():
		return fmt.Sprintf("%s means any address, so it is nobody's. Write the address of the peer's VoIP interface.", addr)
	case addr.IsMulticast(), addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return fmt.Sprintf("%s is the address of many hosts, not of one. Write the address of the peer's VoIP interface.", addr)
	case addr.IsLinkLocalUnicast():
		return fmt.Sprintf("%s is link-local: it means nothing without the interface. Write the peer's global or unique local address.", addr)
	case addr == netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr == netip.IPv6Loopback():
		return fmt.Sprintf("%s is this node itself. Write the address of the peer's VoIP interface.", addr)
	}
	return ""
}

func whyNoAddress(text string) string {
	leadingZero := regexp.MustCompile(`^[0-9.]+$`).MatchString(text) && regexp.MustCompile(`(^|\.)0[0-9]`).MatchString(text)
	host, _, masked := strings.Cut(text, "/")
	_, portErr := netip.ParseAddrPort(text)
	switch {
	case text == "":
		return "It is empty. Write the address of the peer's VoIP interface, such as \"10.0.0.2\"."
	case masked && isAddress(host):
		return "An address without a mask is needed. Write " + quote(host) + "."
	case portErr == nil:
		return "An address without a port is needed; the port of SSH is peer.ssh.port. Write " + quote(netip.MustParseAddrPort(text).Addr().String()) + "."
	case leadingZero:
		return "A number with a leading zero is octal to some programs and decimal to others. Write the address without leading zeros."
	case isAddress(strings.Trim(text, "[] \t")):
		return "Write the bare address: " + quote(strings.Trim(text, "[] \t")) + "."
	case regexp.MustCompile(`^[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9._-]*$`).MatchString(text):
		return quote(text) + " is a name. A name can change its meaning when DNS fails, which is when it matters. Write the IP address; `getent ahosts " + text + "` shows it."
	}
	return quote(text) + " is not an IP address. Write the address of the peer's VoIP interface, such as \"10.0.0.2\" or \"2001:db8::2\"."
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}
