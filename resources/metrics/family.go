package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A family is all metrics of one name.
type family struct {
	name   string
	help   string
	labels []string
	tell   func(s Sample, is telling)
}

// telling tells a value, with the values of the family's labels.
type telling func(value float64, labels ...string)

// families are all that a Sample holds.
func families() []family {
	var all []family
	for _, group := range [][]family{nodeFamilies(), configFamilies(), failoverFamilies(), replicationFamilies(), outageFamilies()} {
		all = append(all, group...)
	}
	return all
}

func (f family) desc() *prometheus.Desc {
	return prometheus.NewDesc(f.name, f.help, f.labels, nil)
}

// one tells whether something is so, as 1 or 0.
func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// seconds is a time as Prometheus has it: seconds since 1970; 0: never.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
