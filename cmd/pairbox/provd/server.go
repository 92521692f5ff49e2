// Package provd behaves like wazo-provd's REST API 0.2 and wazo-auth's token
// call, oddities included, for a pair in a box and for tests: a query that it
// does not understand is ignored, PUT replaces a document as a whole, a media
// type that is not its own is refused, errors are text or HTML. It knows
// documents and phones; it speaks to none.
package provd

import (
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are what a server is made of.
type Options struct {
	Dir                   string           // with configs/ID and devices/ID, read once
	ServiceID, ServiceKey string           // that tokens are given to
	Now                   func() time.Time // nil: time.Now
}

// Document is one document; numbers are json.Number.
type Document = map[string]any

// Request is a request as the log keeps it.
type Request struct {
	Method, Path string
	Status       int
	Changed      bool // a PUT of something else than was there
}

// Fault is what a server does wrong.
type Fault struct {
	HTML        bool          // answers 500 with a page
	Hang        bool          // answers nothing until it is closed
	Truncate    bool          // breaks off each answer
	IgnoreQuery bool          // gives everything
	Garbage     bool          // answers with something that is no JSON
	Slow        time.Duration // waits before each answer
}

// Server is a provisioning daemon.
type Server struct {
	options Options
	mux     *http.ServeMux
	closed  chan struct{}
	close   sync.Once
	http    *http.Server
	socket  net.Listener

	mu        sync.Mutex
	configs   map[string]Document
	devices   map[string]Document
	tokens    map[string]time.Time
	syncs     map[string]*operation
	unwilling map[string]bool
	log       []Request
	fault     Fault
	beforePut func(id string)
	count     int
}

// New reads what is on disk.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o, closed: make(chan struct{}), tokens: map[string]time.Time{}, syncs: map[string]*operation{}, unwilling: map[string]bool{}}
	var err, err2 error
	s.configs, err = readAll(o.Dir, "configs")
	s.devices, err2 = readAll(o.Dir, "devices")
	s.mux = s.routes()
	return s, errors.Join(err, err2)
}

// Listen serves at an address, such as "127.0.0.1:0", and gives the base of its
// URLs: the API is at /0.2, wazo-auth's at /auth/0.1.
func (s *Server) Listen(address string) (base string, err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	s.socket = l
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go s.http.Serve(l)
	return "http://" + l.Addr().String(), nil
}

// Close ends the server; requests that hang are let go.
func (s *Server) Close() error {
	s.close.Do(func() { close(s.closed) })
	if s.http == nil {
		return nil
	}
	_ = s.socket.Close() // the server may not know of it yet
	return s.http.Close()
}

// Set makes the server do something wrong, or nothing.
func (s *Server) Set(f Fault) { s.locked(func() { s.fault = f }) }

// BeforePut is called before each PUT is carried out: somebody else's chance.
func (s *Server) BeforePut(f func(id string)) { s.locked(func() { s.beforePut = f }) }

// Unplug makes phones fail to synchronize.
func (s *Server) Unplug(devices ...string) {
	s.locked(func() {
		for _, id := range devices {
			s.unwilling[id] = true
		}
	})
}

// RevokeTokens makes every token unknown.
func (s *Server) RevokeTokens() { s.locked(func() { clear(s.tokens) }) }

// Requests is the log, without what asks for tokens.
func (s *Server) Requests() (log []Request) {
	s.locked(func() { log = slices.Clone(s.log) })
	return log
}

// Count counts the requests of a method whose path begins so.
func (s *Server) Count(method, prefix string) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Method == method && strings.HasPrefix(r.Path, prefix) {
			n++
		}
	}
	return n
}

// Forget empties the log.
func (s *Server) Forget() { s.locked(func() { s.log = nil }) }

// Configs is a copy of every document.
func (s *Server) Configs() (all map[string]Document) {
	s.locked(func() {
		all = map[string]Document{}
		for id, d := range s.configs {
			all[id] = clone(d)
		}
	})
	return all
}

// Change edits a document as somebody else would.
func (s *Server) Change(id string, edit func(Document)) error {
	var err error
	s.locked(func() {
		d := clone(s.configs[id])
		edit(d)
		err = s.store("configs", id, d)
	})
	return err
}

func (s *Server) locked(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

func clone(d Document) Document {
	text, err := json.Marshal(d)
	if err != nil {
		return maps.Clone(d)
	}
	copied, _ := decode(text)
	return copied
}
