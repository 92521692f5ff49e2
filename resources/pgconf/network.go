package pgconf

import (
	"math/bits"
	"net/netip"
	"strconv"
)

// network is a numeric address and its mask, which may have holes.
type network struct{ address, mask netip.Addr }

// parseNetwork joins an address with the number of bits behind its slash.
func parseNetwork(address netip.Addr, length string) network {
	n, err := strconv.Atoi(length)
	if err != nil || n < 0 || n > address.BitLen() {
		return network{}
	}
	return network{address, ones(n, address.BitLen())}
}

// maskedNetwork joins an address with a mask of a column of its own.
func maskedNetwork(address netip.Addr, mask string) network {
	m, err := parseAddress(mask)
	if err != nil || m.BitLen() != address.BitLen() {
		return network{}
	}
	return network{address, m}
}

// parseAddress reads an address; PostgreSQL does not compare zones.
func parseAddress(text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(text)
	return addr.WithZone(""), err
}

// contains compares within one family, as PostgreSQL does.
func (n network) contains(addr netip.Addr) bool {
	if !n.address.IsValid() || n.address.BitLen() != addr.BitLen() {
		return false
	}
	own, other := n.address.AsSlice(), addr.AsSlice()
	for i, m := range n.mask.AsSlice() {
		if (own[i]^other[i])&m != 0 {
			return false
		}
	}
	return true
}

// prefix is invalid where the mask has holes.
func (n network) prefix() netip.Prefix {
	length := 0
	for _, b := range n.mask.AsSlice() {
		leading := bits.LeadingZeros8(^b)
		length += leading
		if leading < 8 {
			break
		}
	}
	if ones(length, n.mask.BitLen()) != n.mask {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(n.address, length).Masked()
}

// ones is the mask of a number of leading bits.
func ones(length, size int) netip.Addr {
	mask := make([]byte, size/8)
	for i := range length {
		mask[i/8] |= 0x80 >> (i % 8)
	}
	addr, _ := netip.AddrFromSlice(mask)
	return addr
}
