package metrics

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// described matches how a description prints itself.
var described = regexp.MustCompile(`^Desc\{fqName: "([^"]*)", help: "([^"]*)", unit: "", constLabels: \{\}, variableLabels: \{([^}]*)\}\}$`)

// metric is a metric as it is described.
type metric struct{ name, help, labels string }

// told are all metrics of the node.
func told(t *testing.T) (list []metric) {
	t.Helper()
	for _, c := range append(NewCounts().collectors(), collector{Sample{}, append(families(), textFamilies()...)}) {
		out := make(chan *prometheus.Desc, 100)
		c.Describe(out)
		close(out)
		for desc := range out {
			m := described.FindStringSubmatch(desc.String())
			if m == nil {
				t.Fatal(desc)
			}
			list = append(list, metric{m[1], m[2], m[3]})
		}
	}
	slices.SortFunc(list, func(a, b metric) int { return strings.Compare(a.name, b.name) })
	return list
}

func TestTheReadmeListsEveryMetric(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range told(t) {
		labels := ""
		if m.labels != "" {
			labels = "`" + strings.ReplaceAll(m.labels, ",", "`, `") + "`"
		}
		if row := fmt.Sprintf("| `%s` | %s | %s |\n", m.name, labels, m.help); !bytes.Contains(readme, []byte(row)) {
			t.Errorf("README.md lacks\n%s", row)
		}
	}
}
