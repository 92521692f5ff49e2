package metrics

import "github.com/prometheus/client_golang/prometheus"

// collector tells one Sample. What it describes is the same for each.
type collector struct {
	sample   Sample
	families []family
}

var _ prometheus.Collector = collector{}

func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, f := range c.families {
		out <- f.desc()
	}
}

func (c collector) Collect(out chan<- prometheus.Metric) {
	for _, f := range c.families {
		desc := f.desc()
		f.tell(c.sample, func(value float64, labels ...string) {
			m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, value, labels...)
			if err != nil {
				m = prometheus.NewInvalidMetric(desc, err)
			}
			out <- m
		})
	}
}

// registry tells a Sample, what was counted, and further families.
func registry(s Sample, c *Counts, more ...family) (*prometheus.Registry, error) {
	r := prometheus.NewRegistry()
	for _, one := range append(c.collectors(), collector{s, append(families(), more...)}) {
		if err := r.Register(one); err != nil {
			return nil, err
		}
	}
	return r, nil
}
