package dashboard

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/takeover"
)

// card is one node of the pair.
type card struct {
	Name, Which string // what it is called, and which of both it is
	Role        string
	State       string
	Level       Level
	Serves      bool
	Rows        []fact
}

// fact is something known of a node, with a time where it has one.
type fact struct {
	Label string
	Text  []span
	At    moment
}

func (v view) fact(label, text string) fact { return fact{Label: label, Text: spans(text)} }

// nodes are both, this one first; alone where it is in no pair.
func (v view) nodes() []card {
	if v.disabled() {
		return []card{v.here()}
	}
	return []card{v.here(), v.there()}
}

// here is this node.
func (v view) here() card {
	s := v.Status
	c := card{Name: cleaned(v.node), Which: "this node", Role: cleaned(s.Wanted), Level: Unclear, State: "not known"}
	switch f := s.Failover; {
	case v.disabled():
		c.State = "in no pair"
	case f != nil:
		c.State, c.Level, c.Serves = ownState(*f)
		c.State = cleaned(c.State)
		c.Rows = append(c.Rows, fact{Label: since(*f), At: v.moment(f.Since)})
	}
	if s.Said != "" {
		c.Rows = append(c.Rows, v.fact("Recorded", s.Said))
	}
	if w := s.Watch; w != nil {
		c.Rows = append(c.Rows, fact{Label: "Daemon", Text: spans(mode(w.Role, w.Mode) + "; runs since"), At: v.moment(w.Since)})
	}
	if s.Platform != "" {
		c.Rows = append(c.Rows, v.fact("Platform", s.Platform))
	}
	if s.Found == nil {
		c.Rows = append(c.Rows, v.fact("First apply", "never"))
	} else {
		c.Rows = append(c.Rows, fact{Label: "First apply", Text: spans("found as " + s.Found.Role + ","), At: v.moment(s.Found.At)},
			fact{Label: "Last change", At: v.moment(s.InOrder)})
	}
	if r := s.Running; r != nil {
		c.Rows = append(c.Rows, fact{Label: "Running", Text: spans(fmt.Sprintf("`%s` (pid %d), since", r.Command, r.PID)), At: v.moment(r.Since)})
	}
	return c
}

// mode says what the daemon does by itself.
func mode(role, mode string) string {
	switch {
	case role == "":
		return "no ha.hcl is in force"
	case mode == "observe":
		return "observes, and touches nothing"
	case mode == "heal":
		return "undoes drift only"
	}
	return "keeps this node as ha.hcl says"
}

// ownState is how this node stands.
func ownState(f takeover.Standing) (state string, l Level, serves bool) {
	switch {
	case f.Doing != "":
		return f.Doing, Attention, f.Serving
	case f.Serve && f.Serving && f.Master && dead(f):
		return "serves, SIP is silent", Trouble, true
	case f.Serve && f.Serving:
		return "serves", Well, true
	case f.Serve:
		return "does not serve", Trouble, false
	case f.Serving:
		return "still serves", Attention, true
	case f.Isolated:
		return "cut off", Trouble, false
	case f.Master:
		return "stood down", Attention, false
	}
	return "stands by", Well, false
}

// since says what a node is to do, for the time from when it is.
func since(f takeover.Standing) string {
	switch {
	case f.Serve && f.Serving:
		return "Serves since"
	case f.Serve:
		return "To serve since"
	case f.Master:
		return "Stood down at"
	}
	return "Stands by since"
}

// there is the other node: as this one sees it, and by its own report.
func (v view) there() card {
	f := v.Status.Failover
	c := card{Name: cleaned(v.Status.Peer), Which: "the peer", Role: v.other(), State: "not watched", Level: Unclear}
	if f == nil {
		c.Rows = []fact{v.fact("From here", cmp.Or(v.Status.Undecided, "hotpair does not watch it"))}
		return c
	}
	c.State, c.Level = peerState(*f)
	c.Serves = f.Report != nil && f.Report.Serving || !f.Master && !f.Isolated && (f.Peer == failover.PeerHealthy || f.Peer == failover.PeerBusy)
	c.Rows = append(c.Rows, fact{Label: "From here", Text: spans(seen(*f) + ", since"), At: v.moment(f.PeerSince)}, v.fact("By its own report", reports(f)))
	if f.Asks != failover.Nothing {
		c.Rows = append(c.Rows, v.fact("It is asked to", string(f.Asks)))
	}
	if f.Report != nil && f.Report.Asks != failover.Nothing {
		c.Rows = append(c.Rows, v.fact("It asks us to", string(f.Report.Asks)))
	}
	if f.Report != nil && f.Report.Paused.After(v.now) {
		c.Rows = append(c.Rows, fact{Label: "Maintenance", Text: spans("until"), At: v.moment(f.Report.Paused)})
	}
	if !f.Master {
		c.Rows = append(c.Rows, v.copied(*f))
	}
	return c
}

// copied tells when the master replicated to here.
func (v view) copied(f takeover.Standing) fact {
	if f.Replicated.IsZero() {
		return v.fact("Replicated to here", "never, as far as is known")
	}
	return fact{Label: "Replicated to here", Text: spans("as on the master at"), At: v.moment(f.Replicated)}
}

// peerState is what the other node looks like.
func peerState(f takeover.Standing) (string, Level) {
	if f.Master {
		switch {
		case !f.Reported:
			return "not heard", Attention
		case f.Report != nil && f.Report.Serving && f.Serve:
			return "serves, too", Attention
		case f.Report != nil && f.Report.Serving:
			return "serves", Well
		}
		return "stands by", Well
	}
	switch f.Peer {
	case failover.PeerHealthy:
		return "healthy", Well
	case failover.PeerBusy:
		return "busy", Attention
	case failover.PeerStoodDown:
		return "stood down", Attention
	case failover.PeerUnreachable, failover.PeerDegraded:
		return string(f.Peer), Trouble
	}
	return "not seen yet", Unclear
}

// seen says what of the peer is seen from here.
func seen(f takeover.Standing) string {
	switch {
	case f.Master && f.Reported:
		return "its hotpair is heard"
	case f.Master:
		return "its hotpair is not heard"
	case f.Peer == failover.PeerHealthy:
		return "its telephony answers"
	case f.Peer == failover.PeerBusy:
		return "its SIP server answers that it is overloaded (503)"
	case f.Peer == failover.PeerDegraded:
		return "its host answers, its telephony does not"
	case f.Peer == failover.PeerUnreachable:
		return "nothing of it answers"
	case f.Peer == failover.PeerStoodDown:
		return "it ceased to serve, as it was asked to"
	}
	return "nothing of it was seen"
}

// reports says what the peer's own hotpair tells.
func reports(f *takeover.Standing) string {
	r := f.Report
	if !f.Reported || r == nil {
		return "none is heard"
	}
	parts := []string{"stands by"}
	switch {
	case r.Serving:
		parts = []string{"serves"}
	case r.StoodDown:
		parts = []string{"stood down"}
	}
	switch r.SIP {
	case failover.Alive:
		parts = append(parts, "its SIP server answers there")
	case failover.Busy:
		parts = append(parts, "its SIP server is overloaded")
	case failover.Silent:
		parts = append(parts, "its SIP server is silent there, too")
	}
	return strings.Join(parts, ", ")
}
