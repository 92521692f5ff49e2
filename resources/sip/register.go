package sip

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Granted is how long a registrar keeps the contact of an address (RFC 3261
// §10.2.4, §10.3); false: it does not say.
func (r Response) Granted(contact netip.AddrPort) (time.Duration, bool) {
	for _, value := range r.others["contact"] {
		contacts, err := split(value, ',')
		if err != nil {
			continue
		}
		for _, c := range contacts {
			if of, expires := contactOf(c); of == contact && expires != "" {
				return seconds(expires)
			}
		}
	}
	return r.seconds("expires")
}

// contactOf takes apart `"name" <sip:user@host:port;uri>;expires=60`.
func contactOf(text string) (of netip.AddrPort, expires string) {
	begin, end := strings.LastIndexByte(text, '<'), strings.LastIndexByte(text, '>')
	if begin < 0 || end < begin {
		return of, ""
	}
	_, uri, _ := strings.Cut(text[begin+1:end], ":")
	uri, _, _ = strings.Cut(uri, ";")
	of, err := netip.ParseAddrPort(uri[strings.LastIndexByte(uri, '@')+1:])
	if err != nil {
		return netip.AddrPort{}, ""
	}
	for parameter := range strings.SplitSeq(text[end+1:], ";") {
		if name, value, _ := strings.Cut(parameter, "="); strings.EqualFold(strings.TrimSpace(name), "expires") {
			expires = strings.TrimSpace(value)
		}
	}
	return of, expires
}

// Least is what a registrar that answers 423 wants a phone to ask for at least
// (RFC 3261 §20.23); false: it does not say.
func (r Response) Least() (time.Duration, bool) { return r.seconds("min-expires") }

func (r Response) seconds(name string) (time.Duration, bool) {
	values := r.others[name]
	if len(values) != 1 {
		return 0, false
	}
	return seconds(values[0])
}

// seconds reads delta-seconds (RFC 3261 §25.1).
func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return time.Duration(n) * time.Second, err == nil
}
