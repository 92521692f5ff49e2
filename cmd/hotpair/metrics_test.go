package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const (
	textfileDir  = "var/lib/prometheus/node-exporter"
	textfilePath = textfileDir + "/hotpair.prom"
)

// fetched is what is served at an address; "": nothing is.
func fetched(address, path string) string {
	client := http.Client{Timeout: within, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + address + path)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return ""
	}
	return string(text)
}

// lines tells whether a text has all of these lines.
func lines(text string, all ...string) bool {
	for _, line := range all {
		if !strings.Contains(text, "\n"+line+"\n") {
			return false
		}
	}
	return true
}

func measured(at string) string {
	return fmt.Sprintf("metrics {\n  enabled = true\n  listen = %q\n  textfile = \"/%s\"\n}\n", at, textfilePath)
}

func TestMetricsFollowATakeover(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.96.9")
	g := guard(t, "127.0.96.1", measured(at))
	g.put(textfileDir+"/other.prom", "")
	g.put("var/lib/stub/xivo-manage-slave-services", "if [ $1 = start ]; then rm -f var/lib/wazo/disabled; else : >var/lib/wazo/disabled; fi\n")
	g.watch()
	both := func(what string, all ...string) {
		t.Helper()
		g.soon(what+", by HTTP", func() bool { return lines(fetched(at, "/metrics"), all...) })
		g.soon(what+", in the file", func() bool { return lines(g.get(textfilePath), all...) })
	}
	both("it stands by", "hotpair_serving 0", "hotpair_to_serve 0", `hotpair_peer_state{state="healthy"} 1`, `hotpair_probe_up{kind="sip",probe="sip udp"} 1`, "hotpair_takeovers_total 0",
		`hotpair_node_info{peer="127.0.96.1",platform="wazo",role="slave"} 1`, "hotpair_config_valid 1", "hotpair_differences 0")
	g.must(g.master.Kill())
	both("it serves", "hotpair_serving 1", "hotpair_to_serve 1", "hotpair_takeovers_total 1", "hotpair_failbacks_total 0", `hotpair_probe_up{kind="sip",probe="sip udp"} 0`)
	g.must(g.master.Restart(t.Context()))
	both("it stands by again", "hotpair_serving 0", "hotpair_takeovers_total 1", "hotpair_failbacks_total 1")
	g.expect(exitOK, "maintenance", "--for", "30m")
	g.soon("maintenance is told", func() bool {
		text := fetched(at, "/metrics")
		return text != "" && !lines(text, "hotpair_maintenance_until_timestamp_seconds 0")
	})
}

func TestTheTextfileIsWholeAndTellsItsAge(t *testing.T) {
	t.Parallel()
	block := fmt.Sprintf("metrics {\n  textfile = \"/%s\"\n}\n", textfilePath)
	w := settled(t, block).watch()
	w.says("the metrics are not written")
	w.look()
	w.must(os.MkdirAll(filepath.Join(w.dir, textfileDir), 0o755))
	w.must(w.cmd.Process.Signal(syscall.SIGHUP))
	w.says("the metrics are written again")
	if n := strings.Count(w.log.String(), "the metrics are not written"); n != 1 {
		t.Errorf("said %d times", n)
	}
	info, err := os.Stat(filepath.Join(w.dir, textfilePath))
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	if text := w.get(textfilePath); !strings.Contains(text, "\nhotpair_textfile_written_timestamp_seconds 1") || strings.Contains(text, "\ngo_") || strings.Contains(text, "\nprocess_") {
		t.Error(text)
	}
	w.put("etc/hotpair/ha.d/broken.hcl", "node {")
	w.eventually("a broken file is told", func() bool { return lines(w.get(textfilePath), "hotpair_config_valid 0") })
	w.must(os.Remove(filepath.Join(w.dir, "etc/hotpair/ha.d/broken.hcl")))
	w.must(w.cmd.Process.Signal(syscall.SIGTERM))
	w.must(w.cmd.Wait())
	if !lines(w.get(textfilePath), "hotpair_drifted 0") {
		t.Error("a daemon that ended took it away")
	}
	w.watch()
	w.eventually("it is written anew", func() bool { return lines(w.get(textfilePath), "hotpair_config_valid 1") })
	w.declare("master", "10.0.0.2")
	w.eventually("one that is switched off is gone", func() bool { return w.get(textfilePath) == absent })
}

func TestMetricsAreOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.97.9")
	w := settled(t, fmt.Sprintf("metrics {\n  listen = %q\n}\n", at)).watch()
	if fetched(at, "/metrics") != "" {
		t.Error("they are served")
	}
	w.declare("master", "10.0.0.2", fmt.Sprintf("metrics {\n  enabled = true\n  listen = %q\n}\n", at))
	w.eventually("they are served", func() bool { return strings.Contains(fetched(at, "/metrics"), "\nhotpair_serving 1\n") })
	w.declare("master", "10.0.0.2")
	w.eventually("they are not any more", func() bool { return fetched(at, "/metrics") == "" })
}

func TestRunsAreCounted(t *testing.T) {
	t.Parallel()
	at := free(t, "127.0.98.9")
	r := newReplicated(t, onChange+fmt.Sprintf("metrics {\n  enabled = true\n  listen = %q\n}\n", at))
	(&watched{box: r.box}).watch()
	r.soon("both parts are replicated", func() bool {
		return !lines(fetched(at, "/metrics"), `hotpair_replication_last_good_timestamp_seconds{part="files"} 0`) && lines(fetched(at, "/metrics"), `hotpair_replication_behind_tables{part="database"} 0`)
	})
	r.put(moh+"/new.wav", "tune")
	r.soon("a file is counted", func() bool {
		return lines(fetched(at, "/metrics"), `hotpair_replication_items_total{change="inserted",part="files"} 1`, `hotpair_replication_file_bytes_total 4`)
	})
	r.expect(exitOK, "replicate", "--verify")
	text := ""
	r.soon("a run by hand is counted", func() bool {
		text = fetched(at, "/metrics")
		return lines(text, `hotpair_replication_runs_total{part="files",result="equal"} 1`, `hotpair_replication_runs_total{part="database",result="equal"} 1`)
	})
	if lines(text, `hotpair_replication_last_verified_timestamp_seconds{part="files"} 0`) || strings.Contains(text, "endpoint_sip") {
		t.Error(text)
	}
}

// Prometheus itself, from Debian's package, finds a node and its alerts by the
// example's configuration.
func TestPrometheusFindsANode(t *testing.T) {
	t.Parallel()
	needs(t, "prometheus")
	at, server := free(t, "127.0.99.9"), free(t, "127.0.99.10")
	w := settled(t, fmt.Sprintf("metrics {\n  enabled = true\n  listen = %q\n}\n", at)).watch()
	dir := t.TempDir()
	for _, name := range []string{"prometheus.yml", "hotpair.rules.yml"} {
		text, err := os.ReadFile("../../examples/prometheus/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text = regexp.MustCompile(`(?m)^( *- targets: ).*$`).ReplaceAll(text, []byte(`${1}["`+at+`"]`))
		text = regexp.MustCompile(`_interval: 30s`).ReplaceAll(text, []byte(`_interval: 1s`))
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := &lockedBuffer{}
	cmd := exec.Command("prometheus", "--config.file="+dir+"/prometheus.yml", "--storage.tsdb.path="+dir+"/data", "--web.listen-address="+server)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	for _, query := range []string{`up{job="hotpair"} == 1`, `hotpair_node_info{role="master", pair="paris"} == 1`, `hotpair_config_valid == 1`, `go_goroutines{job="hotpair"} > 0`} {
		w.eventually(query, func() bool { return found(server, query) == 1 })
	}
	w.eventually("the rules are evaluated", func() bool {
		return strings.Contains(fetched(server, "/api/v1/rules"), `"name":"HotpairDown"`) && !strings.Contains(fetched(server, "/api/v1/rules"), `"health":"unknown"`)
	})
	if text := fetched(server, "/api/v1/rules"); strings.Contains(text, `"health":"err"`) || strings.Contains(text, `"lastError"`) {
		t.Error(text)
	}
}

// found is how many series a query of Prometheus gives.
func found(server, query string) int {
	var answer struct {
		Data struct{ Result []any }
	}
	if json.Unmarshal([]byte(fetched(server, "/api/v1/query?query="+url.QueryEscape(query))), &answer) != nil {
		return 0
	}
	return len(answer.Data.Result)
}
