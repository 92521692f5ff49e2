package dashboard

import (
	"slices"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/takeover"
)

const (
	giveBack   = "hotpair failback"
	takeOver   = "hotpair failover"
	endPause   = "hotpair maintenance --end"
	daemonLog  = "journalctl -u hotpair -n 50"
	seeDaemon  = "systemctl status hotpair"
	seePlan    = "hotpair plan"
	applyIt    = "hotpair apply"
	checkFile  = "hotpair validate"
	seeHistory = "hotpair history -n 100"
)

// settling is how long two daemons may take to hear each other.
const settling = 30 * time.Second

// failoverFindings are those of who serves.
func (v view) failoverFindings() []finding {
	f := v.Status.Failover
	if f == nil {
		return nil
	}
	var list []finding
	add := func(is bool, found finding) {
		if is {
			list = append(list, found)
		}
	}
	add(f.Failure != "", finding{Level: Trouble, Title: "Starting or stopping the services failed", Text: f.Failure, Commands: []string{daemonLog}})
	add(f.Serve && !f.Serving && f.Doing == "" && !f.Busy, finding{Level: Trouble, Title: "This node is to serve, and its services do not run", Text: f.Reason, Commands: []string{daemonLog}})
	if f.Master {
		list = append(list, v.masterFindings(*f)...)
	} else {
		list = append(list, v.standbyFindings(*f)...)
	}
	list = append(list, v.pause(*f)...)
	add(f.Companions != "", finding{Level: Attention, Title: "What runs beside the services is not as it should be", Text: f.Companions, Commands: []string{daemonLog}})
	add(deaf(*f), finding{Level: Attention, Title: "No witness answers", Text: "Should the other node fall silent now, this node would take itself for cut off. See the addresses of `failover.witnesses`, and the network."})
	return list
}

// pause tells of maintenance.
func (v view) pause(f takeover.Standing) []finding {
	found := finding{Level: Attention, Text: "Nothing is taken over or given back meanwhile. It ends by itself.", Commands: []string{endPause}}
	switch {
	case f.Paused.After(v.now):
		found.Title = "Maintenance until " + v.moment(f.Paused).Clock()
	case v.paused():
		found.Title, found.On = "Maintenance of "+v.peer()+" until "+v.moment(f.Report.Paused).Clock(), "on "+v.peer()
	default:
		return nil
	}
	return []finding{found}
}

// paused tells whether an operator works on either node.
func (v view) paused() bool {
	f := v.Status.Failover
	return f != nil && (f.Paused.After(v.now) || f.Report != nil && f.Report.Paused.After(v.now))
}

// masterFindings are those of a master.
func (v view) masterFindings(f takeover.Standing) []finding {
	there := f.Reported && f.Report != nil && f.Report.Serving
	switch {
	case !f.Serve && there:
		return []finding{{Level: Attention, Title: "The standby serves in place of this master", Text: f.Reason, Commands: []string{giveBack}, On: "on " + v.peer()}}
	case !f.Serve:
		return []finding{{Level: Trouble, Title: "Neither node is known to serve", Text: f.Reason, Commands: []string{daemonLog}}}
	case dead(f):
		return []finding{{Level: Trouble, Title: "The SIP server of this master does not answer", Text: f.Reason, Commands: []string{"asterisk -rx 'core show uptime'", daemonLog}}}
	case !f.Reported && v.now.Sub(f.PeerSince) < settling:
		return []finding{{Level: Unclear, Title: "The standby was not heard yet", Text: f.Reason}}
	case !f.Reported:
		return []finding{{Level: Attention, Title: "The standby is not heard", Text: f.Reason + " Nobody knows whether it could take over. See that the daemon runs there; if the channel was never set up, run `hotpair init` here.",
			Commands: []string{seeDaemon}, On: "on " + v.peer()}}
	case there:
		return []finding{{Level: Attention, Title: "The standby serves, too", Text: "After a takeover it stops by itself. Its own page, or `hotpair status` there, tells what it waits for.", Commands: []string{"hotpair status"}, On: "on " + v.peer()}}
	}
	return nil
}

// standbyFindings are those of a standby, of which the worst counts.
func (v view) standbyFindings(f takeover.Standing) []finding {
	one := func(l Level, title string, commands ...string) []finding {
		return []finding{{Level: l, Title: title, Text: f.Reason, Commands: commands}}
	}
	and := func(found []finding, do string) []finding {
		found[0].Text += " " + do
		return found
	}
	switch {
	case f.Trouble == failover.SplitBrain:
		return one(Trouble, "Both nodes serve", giveBack)
	case f.Trouble == failover.Held && v.paused():
		return one(Trouble, v.silent(f)+", and maintenance holds the takeover", endPause)
	case f.Trouble == failover.Held:
		return one(Trouble, v.silent(f)+", and this node does not take over", takeOver)
	case f.Isolated:
		return and(one(Trouble, "This node is cut off"), "See to the network of this node.")
	case f.Trouble == failover.Waiting:
		return one(Attention, "The failback waits for you", giveBack)
	case f.Serve && !f.Serving && f.Doing != "":
		return one(Trouble, "This node is taking over")
	case f.Serve:
		return and(one(Attention, "This node serves in place of the master"), "Phones are served. See to the master.")
	case f.Peer == failover.PeerUnreachable || f.Peer == failover.PeerDegraded:
		return and(one(Trouble, v.silent(f)), "See to the master.")
	case f.Peer == failover.PeerUnknown:
		return one(Unclear, "The master was not seen yet")
	case f.Peer == failover.PeerBusy:
		return []finding{{Level: Attention, Title: "The master is overloaded", Text: f.Reason, Commands: []string{"asterisk -rx 'core show channels count'"}, On: "on " + v.peer()}}
	case len(quiet(f)) > 0:
		return one(Attention, "One way to the master is silent")
	case !f.Reported:
		return []finding{{Level: Attention, Title: "The master's hotpair is not heard", Text: "It could not be asked to stand down or to hand over. See that the daemon runs there.", Commands: []string{seeDaemon}, On: "on " + v.peer()}}
	}
	return nil
}

// silent says what of a master does not answer.
func (v view) silent(f takeover.Standing) string {
	if f.Peer == failover.PeerDegraded {
		return "The master's telephony does not answer"
	}
	return "The master does not answer"
}

// counting are the votes that count: of probes that were ever seen alive.
func counting(f takeover.Standing, kinds ...failover.Kind) []failover.Vote {
	var list []failover.Vote
	for _, vote := range f.Votes {
		if slices.Contains(kinds, vote.Kind) && !slices.Contains(f.Unproven, vote.Name) {
			list = append(list, vote)
		}
	}
	return list
}

func answers(votes []failover.Vote, a failover.Answer) bool {
	return slices.ContainsFunc(votes, func(v failover.Vote) bool { return v.Answer == a })
}

// dead tells whether a master hears nothing of its own telephony.
func dead(f takeover.Standing) bool {
	own := counting(f, failover.SIP)
	return answers(own, failover.Silent) && !answers(own, failover.Alive) && !answers(own, failover.Busy)
}

// deaf tells whether no witness answers that once did.
func deaf(f takeover.Standing) bool {
	witnesses := counting(f, failover.Witness)
	return answers(witnesses, failover.Silent) && !answers(witnesses, failover.Alive) && !f.Isolated
}

// quiet names the ways to the peer that are silent.
func quiet(f takeover.Standing) (names []string) {
	for _, vote := range counting(f, failover.Host, failover.SIP) {
		if vote.Answer == failover.Silent {
			names = append(names, vote.Name)
		}
	}
	return names
}
