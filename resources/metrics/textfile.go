package metrics

import (
	"bytes"

	"github.com/prometheus/common/expfmt"
)

// textFamilies are what the file has besides.
func textFamilies() []family {
	return []family{{"hotpair_textfile_written_timestamp_seconds", "When the file with these metrics was written; one that is old is of a daemon that is dead.", nil,
		func(s Sample, is telling) { is(seconds(s.At)) }}}
}

// Text is the content of a file for node_exporter's textfile collector: the metrics of
// the node in the text format, version 0.0.4, without those of the process.
func Text(s Sample, c *Counts) ([]byte, error) {
	r, err := registry(s, c, textFamilies()...)
	if err != nil {
		return nil, err
	}
	all, err := r.Gather()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, f := range all {
		if _, err := expfmt.MetricFamilyToText(&out, f); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
