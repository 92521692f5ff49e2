package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hotpair/hotpair/resources/replicate"
)

// Counts are what is counted while the daemon lives.
type Counts struct {
	takeovers, failbacks prometheus.Counter
	runs, items, bytes   *prometheus.CounterVec
	took                 *prometheus.HistogramVec
}

// NewCounts are all 0. A count of what may happen is there before it does, so that
// the first time is seen as an increase.
func NewCounts() *Counts {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	c := &Counts{
		takeovers: prometheus.NewCounter(prometheus.CounterOpts{Name: "hotpair_takeovers_total", Help: "Times that this node, as a standby, began to serve."}),
		failbacks: prometheus.NewCounter(prometheus.CounterOpts{Name: "hotpair_failbacks_total", Help: "Times that this node, as a standby, ceased to serve."}),
		runs:      counter("hotpair_replication_runs_total", "Runs of the replication that hotpair history lists, by their result.", "part", "result"),
		items:     counter("hotpair_replication_items_total", "Rows of the database, or files, that a run inserted, changed or deleted on the standby.", "part", "change"),
		bytes:     counter("hotpair_replication_file_bytes_total", "The size of the files that were sent to the standby."),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "hotpair_replication_run_duration_seconds", Help: "How long the runs that hotpair history lists took.",
			Buckets: []float64{.1, .3, 1, 3, 10, 30, 100, 300, 1000}}, []string{"part"}),
	}
	for _, part := range []string{replicate.DatabaseName, replicate.FilesName} {
		for _, result := range []string{replicate.Copied, replicate.Unchanged, replicate.Same, replicate.Differs, replicate.Waiting, replicate.Failed} {
			c.runs.WithLabelValues(part, result)
		}
		c.change(replicate.Entry{What: part})
		c.took.WithLabelValues(part)
	}
	return c
}

// Turned counts that the failover decided for the node to serve, or to stand by.
func (c *Counts) Turned(serve bool) {
	if serve {
		c.takeovers.Inc()
	} else {
		c.failbacks.Inc()
	}
}

// Ran counts a run of the replication.
func (c *Counts) Ran(e replicate.Entry) {
	c.runs.WithLabelValues(e.What, e.Result).Inc()
	c.took.WithLabelValues(e.What).Observe(e.Took)
	if e.Result == replicate.Copied {
		c.change(e)
	}
}

func (c *Counts) change(e replicate.Entry) {
	c.items.WithLabelValues(e.What, "inserted").Add(float64(e.Inserted))
	c.items.WithLabelValues(e.What, "changed").Add(float64(e.Changed))
	c.items.WithLabelValues(e.What, "deleted").Add(float64(e.Deleted))
	c.bytes.WithLabelValues().Add(float64(e.Bytes))
}

func (c *Counts) collectors() []prometheus.Collector {
	return []prometheus.Collector{c.takeovers, c.failbacks, c.runs, c.items, c.bytes, c.took}
}
