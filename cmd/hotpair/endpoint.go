package main

import (
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/endpoint"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// answering tells others by HTTP whether this node serves, where ha.hcl asks for
// it.
type answering struct {
	app    *app
	host   *host.Host
	listed schema.Endpoint // what is served now
	server *endpoint.Server
	goesBy atomic.Pointer[answers]
}

// answers is what the node is told to be, by whom it is looked after, and since
// when.
type answers struct {
	host    *host.Host
	cfg     *schema.Config
	decides bool // the failover's loop runs
	since   time.Time
}

// use takes over the configuration in force; nil: there is none. It gives why
// nobody can ask; "": somebody can, or nobody is to.
func (a *answering) use(cfg *schema.Config, touch bool) string {
	if cfg == nil || cfg.Endpoint.Listen == "" {
		a.end()
		return ""
	}
	next := &answers{host: a.host, cfg: cfg, decides: touch && resources.Decides(cfg), since: time.Now()}
	if last := a.goesBy.Load(); last != nil && last.decides == next.decides {
		next.since = last.since
	}
	a.goesBy.Store(next)
	if a.server != nil && reflect.DeepEqual(cfg.Endpoint, a.listed) {
		return ""
	}
	a.close()
	at := cfg.Endpoint.Listen
	if strings.HasPrefix(at, "/") {
		at = a.host.Host(at)
	}
	server, err := endpoint.Serve(endpoint.Options{Listen: at, Names: cfg.Endpoint.Names, Log: a.app.log,
		State: func() (endpoint.State, bool) { return a.goesBy.Load().state() }})
	if err != nil {
		return host.OneLine(err.Error())
	}
	a.server, a.listed = server, cfg.Endpoint
	a.app.log.Info("it can be asked whether this node serves", "at", cfg.Endpoint.Listen)
	return ""
}

func (a *answers) state() (endpoint.State, bool) {
	return resources.Answer(a.cfg, a.host, a.decides, a.since)
}

func (a *answering) end() {
	a.close()
	a.goesBy.Store(nil)
}

func (a *answering) close() {
	if a.server != nil {
		a.server.Close()
	}
	a.server = nil
}
