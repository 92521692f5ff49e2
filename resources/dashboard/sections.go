package dashboard

import (
	"slices"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/words"
)

// The longest lists that are shown in full.
const (
	mostDifferences = 25
	mostChanges     = 6 // of one difference
	mostRuns        = 15
	mostNotes       = 20
	mostProbes      = 20
	mostProfiles    = 12
	mostPhones      = 50
)

// probed is how one probe stands.
type probed struct {
	Name, Proves, Answer, Why string
	Level                     Level
	Since                     moment
}

// probes are the votes by which the failover is decided.
func (v view) probes() []probed {
	f := v.Status.Failover
	if f == nil {
		return nil
	}
	proves := map[failover.Kind]string{failover.Host: "the host of the master is up", failover.SIP: "the telephony of the master serves", failover.Witness: "this node is not cut off"}
	if f.Master {
		proves[failover.SIP] = "the telephony of this node serves"
	}
	var list []probed
	for _, vote := range f.Votes {
		p := probed{Name: cleaned(vote.Name), Proves: proves[vote.Kind], Why: cleaned(vote.Why), Since: v.moment(vote.Since)}
		p.Answer, p.Level = answered(vote.Answer, slices.Contains(f.Unproven, vote.Name))
		list = append(list, p)
	}
	shown, _ := bounded(list, mostProbes)
	return shown
}

// answered says how a probe's answer is to be taken.
func answered(a failover.Answer, unproven bool) (string, Level) {
	switch {
	case a == failover.Unknown:
		return "not asked yet", Unclear
	case unproven:
		return "never seen alive: no vote", Unclear
	case a == failover.Busy:
		return "busy", Attention
	case a == failover.Silent:
		return "silent", Trouble
	}
	return "alive", Well
}

// copying is how the replication of one part stands.
type copying struct {
	What                string
	State               string
	Level               Level
	Good, Verified, Due moment
	Late                bool // Due is over
	Behind              string
	Text                []span // what is wrong
}

func (v view) replication() []copying {
	var list []copying
	for _, s := range v.Status.Replication {
		c := copying{What: capitalised(thing(s.What)), State: "current", Good: v.moment(s.Good), Verified: v.moment(s.Verified), Due: v.moment(s.Due), Late: v.now.After(s.Due)}
		if len(s.Behind) > 0 {
			c.State, c.Behind = "changed since", cleaned(words.Count(len(s.Behind), "table")+": "+words.Listed(s.Behind))
		}
		switch {
		case s.Failure != "":
			c.State, c.Level, c.Text = "fails", Attention, spans(s.Failure)
		case s.Waits != "":
			c.State, c.Level, c.Text = "waits for consent", Attention, spans(s.Waits)
		case s.Good.IsZero():
			c.State, c.Level = "never", Attention
		case v.late(s):
			c.State, c.Level = "late", Attention
		case s.Unseen != "":
			c.State, c.Level, c.Text = "not known", Attention, spans(s.Unseen)
		}
		list = append(list, c)
	}
	return list
}

// difference is one thing that is not as ha.hcl says.
type difference struct {
	Name, Verb, Origin string
	Changes            []string
	More               int // changes that are not shown
	Held               []span
	Drifted            bool
	InOrder            moment
}

func (v view) differences() (list []difference, more int) {
	pending, more := bounded(v.Status.Pending, mostDifferences)
	return each(pending, v.difference), more
}

func (v view) difference(p status.Pending) difference {
	d := difference{Name: cleaned(p.Name), Verb: cleaned(p.Verb), Origin: cleaned(p.Origin), Held: spans(p.Held), Drifted: p.Drifted, InOrder: v.moment(p.InOrder)}
	says, more := bounded(p.Says, mostChanges)
	d.Changes, d.More = each(says, cleaned), more
	return d
}

// run is one run of the replication, or several of which none did anything.
type run struct {
	At        moment
	What, Why string
	Result    string
	Level     Level
	Times     int // how many in a row
}

// runs are the last of the history, the newest first. Those of which nothing is to
// be said are one.
func (v view) runs() (list []run, more bool) {
	for _, e := range slices.Backward(v.History) {
		r := run{At: v.moment(e.At), What: thing(cleaned(e.What)), Why: cleaned(e.Why), Result: cleaned(e.Says()), Times: 1}
		switch e.Result {
		case replicate.Failed, replicate.Differs, replicate.Waiting:
			r.Level = Attention
		}
		if last := len(list) - 1; last >= 0 && e.Result == replicate.Unchanged && list[last].idle(r) {
			list[last].Times++
			continue
		}
		if len(list) == mostRuns {
			return list, true
		}
		if e.Result == replicate.Unchanged {
			r.Result = "nothing to copy"
		}
		list = append(list, r)
	}
	return list, false
}

// idle tells whether a run is followed by another of which nothing is to be said.
func (r run) idle(next run) bool {
	return r.Result == "nothing to copy" && r.What == next.What && r.Why == next.Why
}
