package provd

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// operation is a phone being told to fetch its configuration. It stays until it
// is deleted.
type operation struct {
	device string
	asked  int
}

func (s *Server) synchronize(w http.ResponseWriter, r *http.Request) {
	var body struct{ ID string }
	err := json.NewDecoder(r.Body).Decode(&body)
	s.locked(func() {
		if _, there := s.devices[body.ID]; err != nil || !there {
			refuse(w, http.StatusNotFound, "No such device")
			return
		}
		s.count++
		id := fmt.Sprint(s.count)
		s.syncs[id] = &operation{device: body.ID}
		w.Header().Set("Location", "/0.2/dev_mgr/synchronize/"+id)
		w.WriteHeader(http.StatusCreated)
	})
}

func (s *Server) synchronizing(w http.ResponseWriter, r *http.Request) {
	s.locked(func() {
		o, there := s.syncs[r.PathValue("id")]
		if !there {
			refuse(w, http.StatusNotFound, "No such operation")
			return
		}
		o.asked++
		status := "success"
		switch {
		case o.asked == 1:
			status = "progress"
		case s.unwilling[o.device] || s.devices[o.device]["configured"] != true:
			status = "fail"
		}
		answer(w, map[string]string{"status": status})
	})
}

func (s *Server) synchronized(w http.ResponseWriter, r *http.Request) {
	s.locked(func() {
		delete(s.syncs, r.PathValue("id"))
		w.WriteHeader(http.StatusNoContent)
	})
}

// Operations is how many operations nobody has deleted.
func (s *Server) Operations() (n int) {
	s.locked(func() { n = len(s.syncs) })
	return n
}
