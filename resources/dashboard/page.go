package dashboard

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"strings"
	"time"
)

//go:embed pages
var pages embed.FS

// page is what the templates show.
type page struct {
	Node        string
	Title       string
	Zone        string
	Assets      assets
	Edition     string // of what is shown
	Made        moment
	Verdict     verdict
	Known       bool
	Disabled    bool
	Nodes       []card
	Reason      []span
	Probes      []probed
	Standby     bool
	Replication []copying
	Differences []difference
	MoreDiffers int
	Fought      []string
	Budget      *budget
	Runs        []run
	MoreRuns    bool
	Events      []event
	MoreEvents  bool
	Notes       [][]span
	MoreNotes   int
}

func (v view) page(a assets) page {
	s := v.Status
	p := page{
		Node: cleaned(v.node), Zone: v.now.Local().Format("MST (UTC-07:00)"), Assets: a, Made: v.moment(v.now), Verdict: v.verdict(), Known: v.Known, Disabled: v.disabled(),
		Nodes: v.nodes(), Probes: v.probes(), Standby: s.Standby, Replication: v.replication(), Budget: v.budget(),
	}
	p.Title = p.Verdict.Title + " – " + p.Node
	if first := p.Verdict.First(); s.Failover != nil && (first == nil || !strings.HasPrefix(first.Text, s.Failover.Reason)) {
		p.Reason = spans(s.Failover.Reason) // which is not said twice
	}
	if s.Watch != nil {
		p.Fought = each(s.Watch.Fought, cleaned)
	}
	p.Differences, p.MoreDiffers = v.differences()
	p.Runs, p.MoreRuns = v.runs()
	p.Events, p.MoreEvents = v.events()
	notes, more := bounded(s.Notes, mostNotes)
	p.Notes, p.MoreNotes = each(notes, spans), more
	return p
}

// renderer makes the page of a node.
type renderer struct {
	node   string
	assets assets
	pages  *template.Template
}

func newRenderer(node string, a assets) (*renderer, error) {
	t, err := template.ParseFS(pages, "pages/*.html")
	return &renderer{node: node, assets: a, pages: t}, err
}

// edition names what an input shows: it changes only where something did, not
// because times grow older.
func (r *renderer) edition(in Input, now time.Time) (string, error) {
	text, err := r.render("main", view{Input: in, node: r.node, now: now, ageless: true}.page(r.assets))
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), err
}

// main is what is within the page's main element, and its title; all is the page.
func (r *renderer) main(in Input, now time.Time) (text []byte, p page, err error) {
	p = view{Input: in, node: r.node, now: now}.page(r.assets)
	text, err = r.render("main", p)
	return text, p, err
}

func (r *renderer) all(s scene, now time.Time) ([]byte, error) {
	p := view{Input: s.Input, node: r.node, now: now}.page(r.assets)
	p.Edition = s.edition
	return r.render("page", p)
}

func (r *renderer) render(name string, p page) ([]byte, error) {
	var b bytes.Buffer
	err := r.pages.ExecuteTemplate(&b, name, p)
	return b.Bytes(), err
}

// Differ tells whether there is anything to tell of differences.
func (p page) Differ() bool { return len(p.Differences)+len(p.Fought) > 0 }
