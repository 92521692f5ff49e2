package web

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guard lets through who may read, and only that.
type guard struct {
	names   []string // lower case
	namesIn string
	next    http.Handler
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !g.mine(r):
		Refuse(w, http.StatusMisdirectedRequest, "this is not the Host that is answered for: ask by address, or list the name in "+g.namesIn)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		Refuse(w, http.StatusMethodNotAllowed, "this can only be read")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// mine tells whether a request is meant for this server: by a name that is
// listed, by a name or an address of loopback, or by the address that it came to.
func (g guard) mine(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || host == "localhost" || slices.Contains(g.names, host) {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && (addr.IsLoopback() || addr == local(r))
}

// local is the address that a request came to; of a socket the zero address.
func local(r *http.Request) netip.Addr {
	if at, is := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); is {
		return at.AddrPort().Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

// Refuse answers with an error, as JSON.
func Refuse(w http.ResponseWriter, status int, why string) {
	Answer(w, status, map[string]string{"error": why})
}

// Answer answers with a value as JSON, which nobody is to keep.
func Answer(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "application/json")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // who asked may be gone
}
