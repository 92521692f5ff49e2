package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/process"
	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/takeover"
)

// soak is a pair that lives for as long as is asked: rows, files and ha.hcl change,
// drift is made, the places are changed by order, and all that the daemons tell by
// HTTP is read. It runs by `make soak`.
type soak struct {
	*wired
	provd *emulated.Server
	nodes []*soaked
	round int
	turns int // how often the standby served
}

// soaked is one of its daemons.
type soaked struct {
	*wiredNode
	name    string
	as      *lanNode // with its telephony
	pid     int
	samples [][]float64 // of each figure
}

const (
	soakEvery  = time.Second // a sample, and a step of the pair's life
	metricsAt  = "/run/hotpair/metrics.sock"
	pageAt     = "/run/hotpair/dashboard.sock"
	turnEvery  = 90 * time.Second
	soakFiles  = 20
	soakPhones = 50
	wrongEvery = 45 // rounds until an ha.hcl is broken
	wrongFor   = 3  // rounds
)

func TestSoak(t *testing.T) {
	asked := os.Getenv("HOTPAIR_SOAK")
	if asked == "" {
		t.Skip("make soak runs it")
	}
	length, err := time.ParseDuration(asked)
	if err != nil {
		t.Fatalf("HOTPAIR_SOAK: %v: such as 10m, or 24h", err)
	}
	s := newSoak(t)
	began := time.Now()
	s.Cleanup(func() { s.Logf("\n%s", s.table(time.Since(began))) }) // also of one that broke off
	for turn, report := began.Add(turnEvery/3), began; time.Since(began) < length; time.Sleep(soakEvery) {
		s.step()
		s.sample()
		if time.Now().After(turn) && !s.broken() {
			s.changePlaces()
			turn = time.Now().Add(turnEvery)
		}
		if time.Now().After(report) {
			t.Logf("%s: %s", time.Since(began).Round(time.Second), s.now())
			report = time.Now().Add(time.Minute)
		}
	}
	s.end()
}

func newSoak(t *testing.T) *soak {
	s := &soak{wired: newWired(t, v4)}
	s.provisions()
	s.nodes = []*soaked{{wiredNode: &s.master, name: "master"}, {wiredNode: &s.standby, name: "standby"}}
	for _, n := range s.nodes {
		n.samples = make([][]float64, len(soakFigures()))
		h, err := host.Open(n.dir)
		s.must(err)
		n.as = &lanNode{box: n.box, net: n.net, host: h}
		n.put("var/lib/stub/xivo-manage-slave-services", asksTheTest)
		n.as.telephony = answer(n.as, quickPace())
		n.put("etc/hotpair/ha.d/soak.hcl", "metrics {\n  enabled = true\n  listen = \""+metricsAt+"\"\n}\n"+
			"failover {\n  failback {\n    after = \"3s\"\n    drain = \"1s\"\n  }\n}\nactions {\n  overwrite = \"auto\"\n  restart = \"auto\"\n  resync = \"auto\"\n}\n")
		s.paces(n, 5)
	}
	s.nodes[0].as.telephony.start()
	for _, n := range slices.Backward(s.nodes) {
		n.watch()
		n.pid = n.daemon.Process.Pid
	}
	s.hears("msg=replicated what=database") // an edit before that would be taken for the standby's own
	s.placed(false)
	return s
}

// provisions gives the master a provisioning daemon with phones.
func (s *soak) provisions() {
	s.Helper()
	data := s.TempDir()
	s.must(emulated.Seed(data, emulated.Seeding{Phones: soakPhones, Own: s.master.net.V4.String()}))
	var err error
	s.provd, err = emulated.New(emulated.Options{Dir: data, ServiceID: "hotpair", ServiceKey: "key"})
	s.must(err)
	s.Cleanup(func() { s.provd.Close() })
	var base string
	s.must(s.master.net.Enter(func() (err error) {
		base, err = s.provd.Listen("127.0.0.1:0")
		return err
	}))
	s.master.put("var/lib/wazo-auth-keys/hotpair-key.yml", "service_id: hotpair\nservice_key: key\n")
	s.master.put("etc/hotpair/ha.d/phones.hcl", fmt.Sprintf("provisioning {\n  enabled = true\n  url = \"%s/0.2\"\n  auth {\n    url = \"%s/auth/0.1\"\n  }\n}\n", base, base))
}

// paces edits ha.hcl.
func (s *soak) paces(n *soaked, seconds int) {
	n.put("etc/hotpair/ha.d/pace.hcl", fmt.Sprintf("watch {\n  interval = \"%ds\"\n  max_heals = 1000\n}\n", seconds))
}

// step is a second of the pair's life.
func (s *soak) step() {
	s.round++
	r, other := s.round, s.nodes[s.round%2]
	if r%5 == 0 {
		s.rows(fmt.Sprint("soak-", r))
	}
	if r%7 == 0 {
		s.master.put(fmt.Sprintf("%s/soak-%d.wav", moh, r%soakFiles), strings.Repeat(fmt.Sprint(r, " "), 1000))
	}
	if r%20 == 0 { // drift
		_ = os.Remove(filepath.Join(s.master.dir, "var/lib/wazo/is-primary")) // it may be away already
	}
	if r%30 == 0 {
		s.paces(other, 5+r/30%5)
	}
	if r%wrongEvery == 0 {
		other.put("etc/hotpair/ha.d/wrong.hcl", "watch {")
	}
	if r%wrongEvery == wrongFor {
		_ = os.Remove(filepath.Join(s.nodes[(r-wrongFor)%2].dir, "etc/hotpair/ha.d/wrong.hcl")) // the first round made none
	}
	if r%11 == 0 && !s.broken() {
		other.run("status")
		s.must(other.daemon.Process.Signal(syscall.SIGHUP))
	}
}

// broken tells whether a node's ha.hcl is.
func (s *soak) broken() bool { return s.round%wrongEvery < wrongFor }

// asked is what a daemon tells at a socket; "": it does not listen there.
func (n *soaked) asked(socket, path string) string {
	client := http.Client{Timeout: within, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(n.dir, socket))
	}}}
	answer, err := client.Get("http://localhost" + path)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	n.must(err)
	return string(text)
}

func (s *soak) sample() {
	s.Helper()
	for _, n := range s.nodes {
		text := n.asked(metricsAt, "/metrics")
		n.asked(pageAt, "/")
		for i, f := range soakFigures() {
			value := float64(len(process.Children(n.pid)))
			if f.metric != "" {
				var err error
				value, err = sampleOf(text, f.metric)
				s.must(err)
			}
			n.samples[i] = append(n.samples[i], value/f.unit)
		}
	}
}

// changePlaces has the standby serve by order, and give back.
func (s *soak) changePlaces() {
	s.Helper()
	s.standby.run("failover", "--auto-approve")
	s.placed(true)
	for range 10 {
		s.sample()
		time.Sleep(soakEvery)
	}
	s.standby.run("failback", "--auto-approve")
	s.placed(false)
	s.turns++
}

// placed waits until the nodes have their places.
func (s *soak) placed(turned bool) {
	s.Helper()
	s.master.soon("the nodes have their places", func() bool {
		m, _ := takeover.Stands(s.nodes[0].as.host)
		b, _ := takeover.Stands(s.nodes[1].as.host)
		return m.Serving != turned && b.Serving == turned && !m.Busy && !b.Busy && m.Reported && b.Reported
	})
}

// now is how the figures stand.
func (s *soak) now() string {
	var parts []string
	for _, n := range s.nodes {
		for i, f := range soakFigures() {
			last := n.samples[i]
			parts = append(parts, fmt.Sprintf("%s %s %.4g", n.name, f.name, last[len(last)-1]))
		}
	}
	return strings.Join(parts, "; ")
}

// table is what the figures were, and how much they rose.
func (s *soak) table(took time.Duration) string {
	table := fmt.Sprintf("%s, %d rounds, %d failovers and failbacks by order\n%-8s %-12s %8s %8s %8s %8s %8s\n", took.Round(time.Second), s.round, s.turns, "", "", "lowest", "mean", "highest", "rise", "allowed")
	for _, n := range s.nodes {
		for i, f := range soakFigures() {
			values := warm(n.samples[i])
			if len(values) == 0 {
				continue // it broke off at once
			}
			r := rise(floors(values))
			table += fmt.Sprintf("%-8s %-12s %8.1f %8.1f %8.1f %+8.2f %8.1f\n", n.name, f.name, slices.Min(values), mean(values), slices.Max(values), r, f.rise)
			if r > f.rise {
				s.Errorf("%s of the %s rise by %.2f", f.name, n.name, r)
			}
		}
	}
	return table
}

// end insists that all that was done arrived, and was counted.
func (s *soak) end() {
	s.Helper()
	for _, n := range s.nodes {
		_ = os.Remove(filepath.Join(n.dir, "etc/hotpair/ha.d/wrong.hcl")) // it may not be there
	}
	s.arrives(fmt.Sprint("soak-", s.round/5*5))
	text := s.nodes[1].asked(metricsAt, "/metrics")
	if !lines(text, fmt.Sprint("hotpair_takeovers_total ", s.turns), fmt.Sprint("hotpair_failbacks_total ", s.turns)) {
		s.Errorf("the standby counts other takeovers than %d", s.turns)
	}
	s.master.contains(s.master.run("replicate", "--verify"), "database: equal by content", "files: equal by content")
}
