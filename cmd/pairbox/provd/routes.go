package provd

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

const mediaType = "application/vnd.proformatique.provd+json"

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	handle := func(pattern string, h http.HandlerFunc) { mux.HandleFunc(pattern, s.guarded(h)) }
	handle("GET /0.2/cfg_mgr/configs", s.listConfigs)
	handle("POST /0.2/cfg_mgr/configs", s.postConfig)
	handle("GET /0.2/cfg_mgr/configs/{id}", s.getConfig)
	handle("GET /0.2/cfg_mgr/configs/{id}/raw", s.getRaw)
	handle("PUT /0.2/cfg_mgr/configs/{id}", s.putConfig)
	handle("DELETE /0.2/cfg_mgr/configs/{id}", s.deleteConfig)
	handle("GET /0.2/dev_mgr/devices", s.listDevices)
	handle("POST /0.2/dev_mgr/synchronize", s.synchronize)
	handle("GET /0.2/dev_mgr/synchronize/{id}", s.synchronizing)
	handle("DELETE /0.2/dev_mgr/synchronize/{id}", s.synchronized)
	mux.HandleFunc("GET /0.2/status", func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]string{"rest_api": "ok"}) })
	mux.HandleFunc("POST /auth/0.1/token", s.token)
	return mux
}

// ServeHTTP logs each request, and does wrong what it is set to.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	auth := strings.HasPrefix(r.URL.Path, "/auth/")
	s.locked(func() {
		if !auth {
			fault = s.fault
		}
	})
	kept := &recorder{ResponseWriter: w, status: http.StatusOK, truncate: fault.Truncate}
	if s.spoiled(kept, r, fault) {
		return
	}
	if fault.IgnoreQuery {
		r.URL.RawQuery = ""
	}
	s.mux.ServeHTTP(kept, r)
	if !auth {
		s.locked(func() { s.log = append(s.log, Request{r.Method, r.URL.Path, kept.status, kept.changed}) })
	}
}

func (s *Server) spoiled(w http.ResponseWriter, r *http.Request, fault Fault) bool {
	time.Sleep(fault.Slow)
	switch {
	case fault.Hang:
		select {
		case <-s.closed:
		case <-r.Context().Done():
		}
	case fault.HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, "<html><body><h1>Internal Server Error</h1></body></html>")
	case fault.Garbage:
		fmt.Fprint(w, "\x1b[2J{\"configs\": 7}")
	default:
		return false
	}
	return true
}

// recorder sees what a handler answers.
type recorder struct {
	http.ResponseWriter
	status            int
	changed, truncate bool
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.truncate {
		p = p[:len(p)/2]
	}
	return r.ResponseWriter.Write(p)
}

// guarded wants a token, and the media type of what is sent.
func (s *Server) guarded(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var known bool
		s.locked(func() {
			end, is := s.tokens[r.Header.Get("X-Auth-Token")]
			known = is && s.options.Now().Before(end)
		})
		switch {
		case !known:
			refuse(w, http.StatusUnauthorized, "Unauthorized")
		case (r.Method == http.MethodPost || r.Method == http.MethodPut) && r.Header.Get("Content-Type") != mediaType:
			refuse(w, http.StatusUnsupportedMediaType, "unsupported media type")
		default:
			h(w, r)
		}
	}
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=ascii")
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", mediaType)
	text, err := json.Marshal(v)
	if err != nil {
		text = []byte(err.Error())
	}
	w.Write(text)
}

func (s *Server) listConfigs(w http.ResponseWriter, r *http.Request) {
	s.locked(func() { answer(w, map[string]any{"configs": selected(s.configs, r.URL.Query())}) })
}

func (s *Server) listDevices(w http.ResponseWriter, r *http.Request) {
	s.locked(func() { answer(w, map[string]any{"devices": selected(s.devices, r.URL.Query())}) })
}

func (s *Server) getConfig(w http.ResponseWriter, r *http.Request) {
	s.locked(func() {
		d, there := s.configs[r.PathValue("id")]
		if !there {
			refuse(w, http.StatusNotFound, "No such config")
			return
		}
		answer(w, map[string]any{"config": d})
	})
}

// getRaw gives a document's raw_config merged with its parents'.
func (s *Server) getRaw(w http.ResponseWriter, r *http.Request) {
	s.locked(func() {
		if _, there := s.configs[r.PathValue("id")]; !there {
			refuse(w, http.StatusNotFound, "No such config")
			return
		}
		answer(w, map[string]any{"raw_config": s.merged(r.PathValue("id"), 0)})
	})
}

func (s *Server) merged(id string, depth int) Document {
	raw := Document{}
	d := s.configs[id]
	parents, _ := d["parent_ids"].([]any)
	for _, parent := range parents {
		if name, is := parent.(string); is && depth < 16 {
			maps.Copy(raw, s.merged(name, depth+1))
		}
	}
	own, _ := d["raw_config"].(Document)
	maps.Copy(raw, own)
	return raw
}

// sent reads {"config": {…}}; a document must have parent_ids and raw_config,
// whose unknown keys begin with X_.
func sent(r *http.Request) (Document, error) {
	var body struct {
		Config Document `json:"config"`
	}
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return nil, err
	}
	raw, is := body.Config["raw_config"].(Document)
	if _, listed := body.Config["parent_ids"].([]any); !is || !listed {
		return nil, fmt.Errorf("invalid config: parent_ids and raw_config are mandatory")
	}
	for key := range raw {
		if !strings.HasPrefix(key, "X_") && !slices.Contains(strings.Fields(rawKeys), key) {
			return nil, fmt.Errorf("invalid config: unknown key %s", key)
		}
	}
	return body.Config, nil
}

const rawKeys = "ip http_port tftp_port protocol sip_lines sip_proxy_ip sip_registrar_ip sip_dtmf_mode sip_transport sip_srtp_mode sip_subscribe_mwi sccp_call_managers sccp_lines exten_dnd exten_voicemail exten_pickup_call admin_username admin_password user_username user_password timezone locale config_version ntp_enabled ntp_ip funckeys vlan_enabled syslog_enabled http_base_url"

func (s *Server) putConfig(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	var before func(string)
	s.locked(func() { before = s.beforePut })
	if before != nil {
		before(id)
	}
	d, err := sent(r)
	s.locked(func() {
		old, there := s.configs[id]
		switch {
		case !there:
			refuse(w, http.StatusNotFound, "No such config")
			return
		case err == nil && !reflect.DeepEqual(old, d):
			err = s.store("configs", id, d)
			if kept, is := w.(*recorder); is {
				kept.changed = true
			}
		}
		if err != nil {
			refuse(w, http.StatusInternalServerError, err.Error())
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func (s *Server) postConfig(w http.ResponseWriter, r *http.Request) {
	d, err := sent(r)
	id, _ := d["id"].(string)
	s.locked(func() {
		if _, taken := s.configs[id]; err == nil && (taken || id == "" || strings.Contains(id, "/")) {
			err = fmt.Errorf("a config with id %q cannot be made", id)
		}
		if err == nil {
			err = s.store("configs", id, d)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		w.WriteHeader(http.StatusCreated)
		answer(w, map[string]string{"id": id})
	})
}

func (s *Server) deleteConfig(w http.ResponseWriter, r *http.Request) {
	s.locked(func() {
		d, there := s.configs[r.PathValue("id")]
		switch {
		case !there:
			refuse(w, http.StatusNotFound, "No such config")
		case d["deletable"] == false:
			refuse(w, http.StatusForbidden, "this config is not deletable")
		default:
			if err := s.remove(r.PathValue("id")); err != nil {
				refuse(w, http.StatusInternalServerError, err.Error())
				return
			}
			w.WriteHeader(http.StatusNoContent)
		}
	})
}
