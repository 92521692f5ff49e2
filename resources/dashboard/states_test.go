package dashboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile"
	"github.com/hotpair/hotpair/reconcile/disk"
	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/resources/timeline"
)

// state is a pair in some state, and what a person must read of it.
type state struct {
	name  string
	in    Input
	level Level
	reads []string
	never []string // must not be read
}

// scenes makes states that begin from a moment.
type scenes struct{ now time.Time }

func (s scenes) ago(d time.Duration) time.Time { return s.now.Add(-d).Truncate(time.Second) }

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * hour
)

func vote(name string, kind failover.Kind, answer failover.Answer, since time.Time, why string) failover.Vote {
	return failover.Vote{Name: name, Kind: kind, Answer: answer, Since: since, Why: why}
}

// base is what both nodes have in common when all is well.
func (s scenes) base(role string) status.Status {
	return status.Status{
		At: s.now, Wanted: role, Recorded: role, Said: role + ", as ha.conf records", Platform: "Wazo", Standby: role == "slave",
		Look:  status.Look{Notes: []string{}},
		Found: &reconcile.Found{Role: "disabled", At: s.ago(41 * day)}, InOrder: s.ago(6 * day),
		Watch: &status.Watch{Since: s.ago(3*day + 2*hour), Role: role, Mode: "enforce"},
	}
}

func (s scenes) outage() *status.Outage {
	return &status.Outage{Promised: 300, Longest: 287, Fits: true, Expiry: 240, Start: 41, Measured: true, Known: true, NoBackup: []string{}, Profiles: []status.Profile{
		{Profile: "sip", Phones: 212, Host: 272, Telephony: 287, Failback: 272, HostBy: "notice", TelephonyBy: "notice"},
		{Profile: "yealink", Phones: 64, Host: 92, Telephony: 171, Failback: 60, HostBy: "retry", TelephonyBy: "retry"},
		{Profile: "snom", Phones: 27, Host: 118, Telephony: 197, Failback: 30, HostBy: "retry", TelephonyBy: "retry"},
	}}
}

func (s scenes) history() []replicate.Entry {
	var list []replicate.Entry
	for i := 26; i > 2; i-- {
		list = append(list, replicate.Entry{At: s.ago(time.Duration(i)*hour + 12*minute), What: "database", Why: "a schedule", Result: replicate.Unchanged, Took: 0.21, Looked: 214})
		if i%9 == 0 {
			list = append(list, replicate.Entry{At: s.ago(time.Duration(i)*hour + 11*minute), What: "database", Why: "a schedule", Result: replicate.Copied, Took: 0.64, Looked: 214, Inserted: 12, Changed: int64(i), Deleted: 1})
		}
	}
	return append(list,
		replicate.Entry{At: s.ago(2*hour + 30*minute), What: "database", Why: "by hand", Result: replicate.Same, Verify: true, Content: true, Took: 2.8, Looked: 214},
		replicate.Entry{At: s.ago(2*hour + 29*minute), What: "files", Why: "by hand", Result: replicate.Same, Verify: true, Content: true, Took: 5.4, Looked: 1893},
		replicate.Entry{At: s.ago(hour + 12*minute), What: "files", Why: "a schedule", Result: replicate.Copied, Took: 1.2, Looked: 1893, Inserted: 2, Changed: 1},
		replicate.Entry{At: s.ago(12 * minute), What: "database", Why: "a schedule", Result: replicate.Copied, Took: 0.4, Looked: 214, Changed: 3},
		replicate.Entry{At: s.ago(12 * minute), What: "files", Why: "a schedule", Result: replicate.Unchanged, Took: 0.9, Looked: 1893})
}

func (s scenes) replicated() []replicate.Standing {
	marks := replicate.Marks{Tried: s.ago(12 * minute), Good: s.ago(12 * minute), Compared: s.ago(9 * hour), Verified: s.ago(2*hour + 30*minute)}
	return []replicate.Standing{
		{What: "database", Marks: marks, Due: s.now.Add(48 * minute), Behind: []string{"userfeatures", "extensions"}},
		{What: "files", Marks: marks, Due: s.now.Add(48 * minute)},
	}
}

func (s scenes) events() []timeline.Entry {
	list := []timeline.Entry{{At: s.ago(8 * day), From: "hotpair", Level: "INFO", Text: "watching (role master, mode enforce)"}}
	for i := 9; i > 0; i-- {
		list = append(list, timeline.Entry{At: s.ago(time.Duration(i) * 17 * hour), From: "hotpair", Level: "INFO", Text: fmt.Sprintf("changed: registrar.%d (verb update)", i)})
	}
	return append(list,
		timeline.Entry{At: s.ago(9 * hour), From: "hotpair", Level: "ERROR", Text: "both nodes serve: `hotpair why` on both"},
		timeline.Entry{At: s.ago(8 * hour), From: "hotpair", Level: "WARN", Text: "the peer is silent: nothing answers since 03:12:09"},
		timeline.Entry{At: s.ago(8 * hour), From: "hotpair", Level: "INFO", Text: "told (alert root)"},
		timeline.Entry{At: s.ago(7 * hour), From: "hotpair", Level: "INFO", Text: "told (alert root)"})
}

// master is a master that is well, changed by what a state differs by.
func (s scenes) master(changes ...func(*Input)) Input {
	in := Input{Known: true, Status: s.base("master"), History: s.history(), Events: s.events()}
	in.Status.Peer, in.Status.Outage, in.Status.Replication = "10.0.0.2", s.outage(), s.replicated()
	in.Status.Failover = &takeover.Standing{
		Master: true, Serve: true, Serving: true, Since: s.ago(41 * day), Peer: failover.PeerHealthy, PeerSince: s.ago(3 * day),
		Reason: "This node is the master, and serves. The standby's hotpair is heard.", Reported: true, Report: &failover.Report{},
		Votes: []failover.Vote{vote("sip udp", failover.SIP, failover.Alive, s.ago(3*day), ""), vote("sip tcp", failover.SIP, failover.Alive, s.ago(3*day), "")},
	}
	return changed(in, changes)
}

// standby is a standby that is well.
func (s scenes) standby(changes ...func(*Input)) Input {
	in := Input{Known: true, Status: s.base("slave"), Events: s.events()}
	in.Status.Peer, in.Status.Outage = "10.0.0.1", s.outage()
	in.Status.Failover = &takeover.Standing{
		Since: s.ago(17 * day), Peer: failover.PeerHealthy, PeerSince: s.ago(3 * day), Replicated: s.ago(12 * minute),
		Reason: "The master is healthy since 03:01:00. This node stands by.", Reported: true, Report: &failover.Report{Serving: true, SIP: failover.Alive},
		Votes: []failover.Vote{
			vote("ping", failover.Host, failover.Alive, s.ago(3*day), ""), vote("sip udp", failover.SIP, failover.Alive, s.ago(3*day), ""),
			vote("sip tcp", failover.SIP, failover.Alive, s.ago(3*day), ""), vote("witness 10.0.0.254", failover.Witness, failover.Alive, s.ago(3*day), ""),
		},
	}
	return changed(in, changes)
}

func changed(in Input, changes []func(*Input)) Input {
	for _, change := range changes {
		change(&in)
	}
	return in
}

// standing changes how the failover stands.
func standing(change func(*takeover.Standing)) func(*Input) {
	return func(in *Input) { change(in.Status.Failover) }
}

// silenced makes votes silent, by the beginning of their names.
func (s scenes) silenced(f *takeover.Standing, names ...string) {
	for i, v := range f.Votes {
		for _, name := range names {
			if strings.HasPrefix(v.Name, name) {
				f.Votes[i] = vote(v.Name, v.Kind, failover.Silent, s.ago(9*time.Second), "no answer within 2s")
			}
		}
	}
}

// unlooked is a node at which no pass could look yet.
func unlooked(unseen ...string) Input {
	return Input{Status: status.Status{Look: status.Look{Unseen: unseen}}}
}

func (s scenes) disabled() Input {
	in := Input{Known: true, Status: s.base("disabled")}
	in.Status.Peer = "none"
	return in
}

func (s scenes) stock(role string) Input {
	in := s.master()
	if role == "slave" {
		in = s.standby()
	}
	in.Status.Failover, in.Status.Replication, in.History = nil, nil, nil
	return in
}

// copied changes how the replication stands.
func copied(change func(database, files *replicate.Standing)) func(*Input) {
	return func(in *Input) { change(&in.Status.Replication[0], &in.Status.Replication[1]) }
}

func (s scenes) pending(n int) []status.Pending {
	list := []status.Pending{
		{Name: "sip_expiry.main", Verb: "update", Says: []string{`maximum "3600" → "240"`, `default "1800" → "240"`}, Origin: "ha.hcl:12:3"},
		{Name: "registrar.default", Verb: "update", Says: []string{`backup address "" → "10.0.0.2"`}, Drifted: true, InOrder: s.ago(3 * hour), Held: "left alone until 05:12: somebody else keeps changing it"},
		{Name: "sentinel", Verb: "create", Says: []string{`file "/var/lib/wazo/is-primary"`}, Origin: "ha.hcl:5:3"},
	}
	for i := range n - len(list) {
		list = append(list, status.Pending{Name: fmt.Sprintf("device.%04d", i), Verb: "update", Says: []string{fmt.Sprintf("backup of 10.1.%d.%d: \"\" → \"10.0.0.2\"", i/250, i%250)}, Origin: "ha.hcl:9:3"})
	}
	return list[:n]
}

func restart() reconcile.Action {
	return reconcile.Action{Name: "restart postgresql", Effect: "calls cannot be set up for about 3 s", Consent: "restart", Standing: reconcile.Waiting, For: []string{"postgres_access"}, Owed: true}
}

func (s scenes) running(in *Input) {
	in.Status.Running = &disk.Holder{PID: 4242, Command: "hotpair apply", Since: s.ago(4 * time.Second)}
}
