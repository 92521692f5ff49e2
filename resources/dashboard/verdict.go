package dashboard

import (
	"fmt"

	"github.com/hotpair/hotpair/reconcile/failover"
)

// verdict is what is to be seen at the first glance.
type verdict struct {
	Level    Level     `json:"level"`
	Word     string    `json:"-"`      // the level for people
	Title    string    `json:"title"`  // how the pair is
	Serves   string    `json:"serves"` // who serves
	Findings []finding `json:"findings"`
}

// First is the worst of the findings; nil: there is none.
func (d verdict) First() *finding {
	if len(d.Findings) == 0 {
		return nil
	}
	return &d.Findings[0]
}

// Others are the findings after the first, as many as are shown.
func (d verdict) Others() []finding {
	shown, _ := bounded(d.Findings, mostFindings)
	return shown[min(1, len(shown)):]
}

// More is how many findings are not shown.
func (d verdict) More() int {
	_, more := bounded(d.Findings, mostFindings)
	return more
}

// verdict judges.
func (v view) verdict() verdict {
	d := verdict{Level: Well, Title: "The pair is well", Serves: v.serves(), Findings: v.findings()}
	if first := d.First(); first != nil {
		d.Level, d.Title = first.Level, first.Title
	}
	d.Word = d.Level.Word()
	if word, title := v.unclear(); title != "" && d.Level <= Unclear {
		d.Level, d.Word, d.Title = Unclear, word, title
	}
	return d
}

// unclear tells why a pair without findings is not called well, in a word and in a
// sentence; "": nothing does.
func (v view) unclear() (word, title string) {
	s := v.Status
	switch {
	case !v.Known:
		return "Not known", "The daemon has just started, and nothing is known yet"
	case v.disabled():
		return "In no pair", "This node is in no pair"
	case v.observed():
		return "Only observed", "This node is only observed"
	case s.Failover == nil && s.Undecided == "":
		return "Not watched", "Who serves is left to the platform's own scripts"
	case s.Failover == nil:
		return "Not known", "How the failover stands is not known yet"
	}
	return "", ""
}

// serves says who serves, in a sentence.
func (v view) serves() string {
	f := v.Status.Failover
	switch {
	case !v.Known && len(v.Status.Unseen) > 0:
		return "Who serves is not known, since this node cannot be looked at."
	case !v.Known:
		return "The first look at the node takes a few seconds."
	case v.disabled():
		return "By ha.hcl it has no high availability: nothing is replicated, and nothing is taken over."
	case f == nil && v.observed():
		return fmt.Sprintf("watch.mode is observe: this %s is looked at, and nothing is touched, replicated or taken over.", v.own())
	case f == nil && v.Status.Undecided != "":
		return "This node is the " + v.own() + "."
	case f == nil:
		return fmt.Sprintf("This node is the %s. It is kept as ha.hcl says; hotpair does not watch the other node.", v.own())
	case f.Master:
		return v.masterServes()
	}
	return v.standbyServes()
}

func (v view) masterServes() string {
	f := v.Status.Failover
	switch there := f.Report != nil && f.Report.Serving; {
	case f.Serve && f.Serving && there:
		return "This node, the master, serves, and so does " + v.peer() + "."
	case f.Serve && f.Serving && f.Reported:
		return "This node, the master, serves. " + capitalised(v.peer()) + " stands by."
	case f.Serve && f.Serving:
		return "This node, the master, serves."
	case f.Serve:
		return "This node, the master, is to serve, and does not."
	case there:
		return capitalised(v.peer()) + " serves in place of this master."
	}
	return "This master stood down."
}

func (v view) standbyServes() string {
	f := v.Status.Failover
	switch {
	case f.Trouble == failover.SplitBrain:
		return "This node, the standby, serves, and so does " + v.peer() + "."
	case f.Serve && f.Serving:
		return "This node, the standby, serves in place of " + v.peer() + "."
	case f.Serve:
		return "This node, the standby, does not serve yet."
	case f.Isolated:
		return "From here nobody can tell whether " + v.peer() + " serves."
	case f.Peer == failover.PeerHealthy || f.Peer == failover.PeerBusy:
		return capitalised(v.peer()) + " serves. This node stands by."
	case f.Peer == failover.PeerUnknown:
		return "This node stands by."
	}
	return "Nobody is seen to serve. This node stands by."
}
