package metrics

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/hotpair/hotpair/resources/web"
)

// Path is where they are served.
const Path = "/metrics"

// patience is how long a Sample may take. What the database does not answer in it is
// left out, and the rest is told.
const patience = 3 * time.Second

// handler answers in the format that is asked for. It takes a Sample each time.
type handler struct {
	source  Source
	counts  *Counts
	process func() (*prometheus.Registry, error)
}

// Handler answers at Path with the metrics of the node and of the process.
func Handler(source Source, counts *Counts) http.Handler {
	return handler{source, counts, sync.OnceValues(processRegistry)}
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.EscapedPath() != Path {
		web.Refuse(w, http.StatusNotFound, "only "+Path+" is answered")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	node, err := registry(h.source(ctx), h.counts)
	process, wrong := h.process()
	if err != nil || wrong != nil {
		web.Refuse(w, http.StatusInternalServerError, "the metrics contradict each other")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	// Compressing for a neighbour costs more than it saves.
	o := promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, DisableCompression: true, EnableOpenMetrics: true}
	promhttp.HandlerFor(prometheus.Gatherers{node, process}, o).ServeHTTP(w, r)
}

// processRegistry tells of the daemon itself.
func processRegistry() (*prometheus.Registry, error) {
	r := prometheus.NewRegistry()
	for _, c := range []prometheus.Collector{collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return r, nil
}
