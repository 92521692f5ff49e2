package metrics

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	prometheusExamples = "../../examples/prometheus"
	rulesFile          = prometheusExamples + "/hotpair.rules.yml"
)

// dashboard is what is looked at of Grafana's JSON model.
type dashboard struct {
	SchemaVersion int
	Templating    struct {
		List []struct{ Name, Type, Query any }
	}
	Panels []panel
}

type panel struct {
	ID          int
	Type, Title string
	GridPos     struct{ H, W, X, Y int }
	Datasource  struct{ Type, UID string }
	Targets     []struct {
		Expr, RefID string
		Datasource  struct{ Type, UID string }
	}
}

func grafana(t *testing.T) (d dashboard, text string) {
	t.Helper()
	raw := read(t, "../../examples/grafana/hotpair.json")
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		t.Fatal(err)
	}
	return d, raw
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// named matches what is a metric in an expression.
var named = regexp.MustCompile(`\bhotpair_\w+|\b(?:go|process)_\w+`)

// Every metric that the examples name is told, and every one of the node's is shown or
// alerts.
func TestTheExamplesNameMetricsThatThereAre(t *testing.T) {
	known := []string{"go_goroutines", "process_open_fds", "process_resident_memory_bytes"}
	for _, m := range told(t) {
		known = append(known, m.name)
	}
	_, board := grafana(t)
	var used []string
	for name, text := range map[string]string{"rules": read(t, rulesFile), "tests of rules": read(t, prometheusExamples+"/hotpair.rules.test.yml"), "dashboard": board} {
		for _, metric := range named.FindAllString(text, -1) {
			metric = strings.TrimSuffix(metric, "_bucket")
			if !slices.Contains(known, metric) {
				t.Errorf("the %s name %s, which nobody tells", name, metric)
			}
			used = append(used, metric)
		}
	}
	for _, metric := range known {
		if !slices.Contains(used, metric) {
			t.Errorf("nobody looks at %s", metric)
		}
	}
}

func TestTheRulesAreValidAndTested(t *testing.T) {
	promtool(t, "", "check", "rules", rulesFile)
	promtool(t, "", "test", "rules", prometheusExamples+"/hotpair.rules.test.yml")
	promtool(t, "", "check", "config", prometheusExamples+"/prometheus.yml")
	tests := read(t, prometheusExamples+"/hotpair.rules.test.yml")
	for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(read(t, rulesFile), -1) {
		if !strings.Contains(tests, "alertname: "+alert[1]+"\n        exp_alerts:\n          - exp_labels") {
			t.Errorf("no test has %s fire", alert[1])
		}
		if !strings.Contains(tests, "{eval_time: 2h, alertname: "+alert[1]+", exp_alerts: []}") {
			t.Errorf("no test has %s silent where the pair is well", alert[1])
		}
	}
}

func TestTheDashboardIsSound(t *testing.T) {
	d, _ := grafana(t)
	if d.SchemaVersion < 39 || len(d.Templating.List) != 2 || d.Templating.List[0].Type != "datasource" || d.Templating.List[0].Query != "prometheus" {
		t.Errorf("%d, %v", d.SchemaVersion, d.Templating.List)
	}
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range d.Panels {
		if p.Title == "" || ids[p.ID] || p.Type != "row" && (len(p.Targets) == 0 || p.Datasource.UID != "${datasource}") {
			t.Errorf("panel %d, %q", p.ID, p.Title)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x > 23 {
					t.Fatalf("%q stands where %q does, or beyond the edge", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}

// Each query is made a rule, which Prometheus parses.
func TestEveryQueryOfTheDashboardParses(t *testing.T) {
	d, _ := grafana(t)
	rules := &strings.Builder{}
	rules.WriteString("groups:\n  - name: dashboard\n    rules:\n")
	queries := 0
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			if target.Datasource.UID != "${datasource}" || !strings.Contains(target.Expr, `pair=~"$pair"`) {
				t.Errorf("%q asks %s", p.Title, target.Expr)
			}
			queries++
			expr := strings.NewReplacer("$__rate_interval", "5m", "$pair", ".*").Replace(target.Expr)
			fmt.Fprintf(rules, "      - record: panel:%d:%s\n        expr: '%s'\n", p.ID, target.RefID, expr)
		}
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := promtool(t, "", "check", "rules", file); !strings.Contains(out, fmt.Sprint(queries, " rules found")) || queries < 20 {
		t.Error(out)
	}
}
