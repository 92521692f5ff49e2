package provd

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"time"
)

// token gives a token as wazo-auth does: utc_expires_at is in UTC and does not
// say so, expires_at is local time.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	id, key, _ := r.BasicAuth()
	var body struct{ Expiration int }
	err := json.NewDecoder(r.Body).Decode(&body)
	if err != nil || id != s.options.ServiceID || key != s.options.ServiceKey {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte(`{"reason": ["Authentication Failed"], "status_code": 401}`))
		return
	}
	if body.Expiration <= 0 {
		body.Expiration = 7200
	}
	const layout = "2006-01-02T15:04:05.000000"
	end := s.options.Now().Add(time.Duration(body.Expiration) * time.Second)
	token := rand.Text()
	s.locked(func() { s.tokens[token] = end })
	answer(w, map[string]any{"data": map[string]any{"token": token, "expires_at": end.Local().Format(layout), "utc_expires_at": end.UTC().Format(layout)}})
}

// Tokens is how many tokens were given and are known.
func (s *Server) Tokens() (n int) {
	s.locked(func() { n = len(s.tokens) })
	return n
}
