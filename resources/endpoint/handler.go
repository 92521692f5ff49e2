package endpoint

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// handler answers requests. It keeps nothing, and asks for the state each time.
type handler struct {
	names []string // lower case
	state func() (s State, known bool)
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	switch {
	case !h.mine(r):
		refuse(w, http.StatusMisdirectedRequest, "this is not the Host that is answered for: ask by address, or list the name in endpoint.names")
	case path != StockPath && path != OwnPath:
		refuse(w, http.StatusNotFound, "only "+OwnPath+" and "+StockPath+" are answered")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "this can only be read")
	default:
		h.tell(w, path)
	}
}

func (h handler) tell(w http.ResponseWriter, path string) {
	s, known := h.state()
	switch {
	case !known:
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusServiceUnavailable, "it is not known yet whether this node serves")
	case path == StockPath:
		answer(w, http.StatusOK, s.Stock)
	default:
		answer(w, http.StatusOK, s)
	}
}

// mine tells whether a request is meant for this endpoint: by a name that is
// listed, by a name or an address of loopback, or by the address that it came to.
func (h handler) mine(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || host == "localhost" || slices.Contains(h.names, host) {
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

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]string{"error": why})
}

func answer(w http.ResponseWriter, status int, v any) {
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
