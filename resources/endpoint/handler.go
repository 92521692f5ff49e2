package endpoint

import (
	"net/http"

	"github.com/hotpair/hotpair/resources/web"
)

// handler answers requests. It keeps nothing, and asks for the state each time.
type handler struct {
	state func() (s State, known bool)
}

// Handler answers with how the node stands; false: that is not known yet. state
// is called from several goroutines.
func Handler(state func() (s State, known bool)) http.Handler { return handler{state} }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	if path != StockPath && path != OwnPath {
		web.Refuse(w, http.StatusNotFound, "only "+OwnPath+" and "+StockPath+" are answered")
		return
	}
	s, known := h.state()
	switch {
	case !known:
		w.Header().Set("Retry-After", "1")
		web.Refuse(w, http.StatusServiceUnavailable, "it is not known yet whether this node serves")
	case path == StockPath:
		web.Answer(w, http.StatusOK, s.Stock)
	default:
		web.Answer(w, http.StatusOK, s)
	}
}
