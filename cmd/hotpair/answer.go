package main

import (
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/dashboard"
	"github.com/hotpair/hotpair/resources/endpoint"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/web"
	"github.com/hotpair/hotpair/schema"
)

// answering tells others by HTTP what ha.hcl has this node tell.
type answering struct {
	app     *app
	host    *host.Host
	page    http.Handler // the dashboard
	metrics http.Handler
	goesBy  atomic.Pointer[answers]
	told    map[string]*listening // by the block of ha.hcl
}

// listening is one place where the daemon answers.
type listening struct {
	at     schema.Listener
	server *web.Server
}

// answers is what the node is told to be, by whom it is looked after, and since
// when.
type answers struct {
	host    *host.Host
	cfg     *schema.Config
	decides bool // the failover's loop runs
	since   time.Time
}

func newAnswering(a *app, h *host.Host, b *board) *answering {
	page, err := b.dashboard()
	if err != nil {
		a.log.Error("there is no dashboard", "error", err)
		page = http.NotFoundHandler()
	}
	return &answering{app: a, host: h, page: page, told: map[string]*listening{}}
}

// use takes over the configuration in force; nil: there is none. It gives why
// what cannot be asked for; none: all that is to be told is.
func (a *answering) use(cfg *schema.Config, touch bool) (unheard []string) {
	if cfg == nil {
		a.end()
		return nil
	}
	next := &answers{host: a.host, cfg: cfg, decides: touch && resources.Decides(cfg), since: time.Now()}
	if last := a.goesBy.Load(); last != nil && last.decides == next.decides {
		next.since = last.since
	}
	a.goesBy.Store(next)
	state := func() (endpoint.State, bool) { return a.goesBy.Load().state() }
	for _, place := range []struct {
		block   string
		at      schema.Listener
		options web.Options
	}{
		{"endpoint", cfg.Endpoint, web.Options{Handler: endpoint.Handler(state)}},
		{"metrics", cfg.Metrics.Listener, web.Options{Handler: a.metrics}},
		{"dashboard", cfg.Dashboard, web.Options{Handler: a.page, Most: dashboard.Connections, Mode: 0o600}},
	} {
		if err := a.listen(place.block, place.at, place.options); err != nil {
			unheard = append(unheard, host.OneLine(place.block+": "+err.Error()))
		}
	}
	return unheard
}

// listen begins to answer at a place, unless it does already.
func (a *answering) listen(block string, at schema.Listener, o web.Options) error {
	if now := a.told[block]; now != nil {
		if reflect.DeepEqual(now.at, at) {
			return nil
		}
		now.server.Close()
		delete(a.told, block)
	}
	if at.Listen == "" {
		return nil
	}
	o.Listen, o.Names, o.NamesIn, o.Log = at.Listen, at.Names, block+".names", a.app.log
	if strings.HasPrefix(at.Listen, "/") {
		o.Listen = a.host.Host(at.Listen)
	}
	server, err := web.Serve(o)
	if err != nil {
		return err
	}
	a.told[block] = &listening{at: at, server: server}
	a.app.log.Info("answering by HTTP", "what", block, "at", at.Listen)
	return nil
}

func (a *answers) state() (endpoint.State, bool) {
	return resources.Answer(a.cfg, a.host, a.decides, a.since)
}

func (a *answering) end() {
	for _, place := range a.told {
		place.server.Close()
	}
	clear(a.told)
	a.goesBy.Store(nil)
}
