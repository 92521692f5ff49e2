package web

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/netutil"
)

// The limits of a server. Who asks is near, and asks little.
const (
	mostConnections = 64
	mostHeader      = 8 << 10 // bytes
	reading         = 5 * time.Second
	writing         = 5 * time.Second
	idle            = 15 * time.Second // longer than pollers rest
)

// Options are where a server listens, and what answers.
type Options struct {
	Listen  string      // an address and a port, or the absolute path of a socket
	Names   []string    // host names by which it may be asked
	NamesIn string      // the argument of ha.hcl that lists them
	Most    int         // connections at a time; 0: 64
	Mode    fs.FileMode // of the socket; 0: 0666, whoever may reach its directory may ask
	Handler http.Handler
	Log     *slog.Logger
}

// A Server answers until it is closed.
type Server struct {
	http *http.Server
	done chan struct{}
	at   net.Addr
}

// Serve begins to answer.
func Serve(o Options) (*Server, error) {
	listener, err := listen(o.Listen, cmp.Or(o.Mode, 0o666))
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", o.Listen, err)
	}
	g := guard{next: o.Handler, namesIn: o.NamesIn}
	for _, name := range o.Names {
		g.names = append(g.names, strings.ToLower(name))
	}
	s := &Server{at: listener.Addr(), done: make(chan struct{}), http: &http.Server{
		Handler: g, MaxHeaderBytes: mostHeader, ReadTimeout: reading, WriteTimeout: writing, IdleTimeout: idle,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(netutil.LimitListener(listener, cmp.Or(o.Most, mostConnections))); !errors.Is(err, http.ErrServerClosed) {
			o.Log.Error("nothing is told by HTTP any more", "at", o.Listen, "error", err)
		}
	}()
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() net.Addr { return s.at }

// Close ends it, and every connection.
func (s *Server) Close() {
	_ = s.http.Close() // nothing is left to be done about it
	<-s.done
}

func listen(at string, mode fs.FileMode) (net.Listener, error) {
	if !strings.HasPrefix(at, "/") {
		return net.Listen("tcp", at)
	}
	return listenSocket(at, mode)
}
