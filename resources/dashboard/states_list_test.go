package dashboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/hotpair/hotpair/reconcile/failover"
	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/takeover"
	"github.com/hotpair/hotpair/resources/timeline"
)

// hostile is a text that must be read as it is, and do nothing.
const hostile = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><style>*{display:none}</style>{{.}} javascript:alert(3) ` + "\u202e\x1b[31mred\r\ndata: x\r\n\r\n"

// all are the states in which somebody may meet a pair.
func (s scenes) all() []state {
	return append(append(append(s.wellStates(), s.failoverStates()...), s.replicationStates()...), s.nodeStates()...)
}

func (s scenes) wellStates() []state {
	return []state{
		{name: "master-well", in: s.master(), level: Well, reads: []string{"Well", "The pair is well", "This node, the master, serves. The standby (10.0.0.2) stands by.", "pbx1 this node, master", "4 min 47 s of the promised 5 min", "userfeatures, extensions", "equal by content", "runs in a row", "What happened on this node", "Trouble: Both nodes serve: hotpair why on both", "Needs attention: The peer is silent", "Told (alert root) (2 times in a row)", "All that happened: hotpair timeline"}},
		{name: "standby-well", in: s.standby(), level: Well, reads: []string{"The pair is well", "The master (10.0.0.1) serves. This node stands by.", "serves, its SIP server answers there", "The master copies to this node", "witness 10.0.0.254"}, never: []string{"Type"}},
		{name: "disabled", in: s.disabled(), level: Unclear, reads: []string{"In no pair", "This node is in no pair"}, never: []string{"the peer", "Replication"}},
		{name: "stock-master", in: s.stock("master"), level: Unclear, reads: []string{"Not watched", "Who serves is left to the platform's own scripts", "not watched"}},
		{name: "stock-standby", in: s.stock("slave"), level: Unclear, reads: []string{"hotpair does not watch the other node"}},
		{name: "just-started", in: unlooked(), level: Unclear, reads: []string{"Not known", "The daemon has just started, and nothing is known yet"}, never: []string{"Outage budget"}},
		{name: "cannot-be-looked-at", in: unlooked("/var/lib/hotpair/ledger.json: unexpected end of JSON input"), level: Attention, reads: []string{"Not everything could be looked at", "this node cannot be looked at", "unexpected end of JSON input"}},
		{name: "observed", in: s.master(func(in *Input) {
			in.Status.Watch.Mode, in.Status.Failover, in.Status.Undecided = "observe", nil, "the standby's hotpair does not hear this master's"
			in.Status.Pending, in.Status.Differences = s.pending(3), 3
		}), level: Attention, reads: []string{"2 differences from ha.hcl", "watch.mode is observe: nothing is touched", "hotpair apply"}},
	}
}

func (s scenes) failoverStates() []state {
	silent := func(names ...string) func(*Input) {
		return standing(func(f *takeover.Standing) { s.silenced(f, names...) })
	}
	peer := func(p failover.PeerState, reason string) func(*Input) {
		return standing(func(f *takeover.Standing) { f.Peer, f.PeerSince, f.Reason = p, s.ago(9*time.Second), reason })
	}
	unheard := standing(func(f *takeover.Standing) { f.Reported, f.Report = false, nil })
	serves := func(reason string) func(*Input) {
		return standing(func(f *takeover.Standing) {
			f.Serve, f.Serving, f.Since, f.Reason = true, true, s.ago(6*minute), reason
		})
	}
	silence := fmt.Sprintf("The master has not answered since %s; a witness answers, so it is not this node that is cut off. This node takes over at %s.", s.ago(9*time.Second).Format(time.TimeOnly), s.now.Add(time.Second).Format(time.TimeOnly))
	return []state{
		{name: "peer-busy", in: s.standby(peer(failover.PeerBusy, "The master is busy since 03:01:00: its SIP server says that it is overloaded (503). This node stands by.")), level: Attention, reads: []string{"The master is overloaded", "busy", "503"}},
		{name: "peer-degraded", in: s.standby(silent("sip"), peer(failover.PeerDegraded, "The master's telephony has not answered since 03:01:00: its host answers, its SIP server does not. That may be a restart; this node takes over at 03:02:30.")), level: Trouble, reads: []string{"Trouble", "The master's telephony does not answer", "takes over at 03:02:30", "Nobody is seen to serve"}},
		{name: "peer-unreachable", in: s.standby(silent("ping", "sip"), unheard, peer(failover.PeerUnreachable, silence)), level: Trouble, reads: []string{"The master does not answer", silence + " See to the master.", "silent", "no answer within 2s"}},
		{name: "peer-unknown", in: s.standby(unheard, peer(failover.PeerUnknown, "The master is unknown since 03:01:00: nothing of it was seen yet. This node stands by."), standing(func(f *takeover.Standing) {
			s.silenced(f, "ping", "sip", "witness")
			f.Unproven = []string{"ping", "sip udp", "sip tcp", "witness 10.0.0.254"}
		})), level: Unclear, reads: []string{"The master was not seen yet", "never seen alive: no vote"}},
		{name: "one-way-silent", in: s.standby(silent("sip udp"), peer(failover.PeerHealthy, "The master is healthy since 03:01:00: sip udp gets no answer, which a ban or a firewall may be the reason of. This node stands by.")), level: Attention, reads: []string{"One way to the master is silent", "a ban or a firewall"}},
		{name: "isolated", in: s.standby(silent("ping", "sip", "witness"), unheard, standing(func(f *takeover.Standing) { f.Isolated = true }), peer(failover.PeerUnreachable, "The master has not answered since 03:01:00, and neither does any witness: this node is cut off itself, and does not take over.")), level: Trouble, reads: []string{"This node is cut off", "nobody can tell whether the master (10.0.0.1) serves"}, never: []string{"No witness answers"}},
		{name: "no-witness", in: s.standby(silent("witness")), level: Attention, reads: []string{"No witness answers"}},
		{name: "taking-over", in: s.standby(silent("ping", "sip"), unheard, serves("The master has not answered since 03:01:00; a witness answers, so it is not this node that is cut off. This node took over at 03:01:10."), peer(failover.PeerUnreachable, "The master has not answered since 03:01:00. This node took over at 03:01:10."), standing(func(f *takeover.Standing) {
			f.Serving, f.Doing, f.Busy = false, "starting the services", true
		})), level: Trouble, reads: []string{"This node is taking over", "starting the services", "does not serve yet"}},
		{name: "took-over", in: s.standby(silent("ping", "sip"), unheard, peer(failover.PeerUnreachable, ""), serves("This node serves since 03:01:10: The master has not answered since 03:01:00; a witness answers, so it is not this node that is cut off. The master is unreachable since 03:01:08: nothing of it answers.")), level: Attention, reads: []string{"This node serves in place of the master", "Phones are served. See to the master.", "This node, the standby, serves in place of the master (10.0.0.1)."}},
		{name: "returning", in: s.standby(peer(failover.PeerHealthy, ""), serves("This node serves since 03:01:10. The master is well again since 03:11:48. It gets back its place when it has been well until 03:13:48.")), level: Attention, reads: []string{"gets back its place when it has been well until 03:13:48"}},
		{name: "failback-waits", in: s.standby(peer(failover.PeerHealthy, ""), serves("This node serves since 03:01:10. The master is well again since 03:11:48. failover.failback.mode is manual: `hotpair failback` gives it back its place."), standing(func(f *takeover.Standing) { f.Trouble = failover.Waiting })), level: Attention, reads: []string{"The failback waits for you", "hotpair failback"}},
		{name: "split-brain", in: s.standby(serves("Both nodes serve since 03:01:10 or before, and nothing decided so: phones may be registered at either. The master keeps its place. It gets back its place when it has been well until 03:13:48."), standing(func(f *takeover.Standing) { f.Trouble = failover.SplitBrain })), level: Trouble, reads: []string{"Both nodes serve", "phones may be registered at either", "hotpair failback"}},
		{name: "takeover-held", in: s.standby(silent("ping", "sip"), unheard, peer(failover.PeerUnreachable, "The master has not answered since 03:01:00; a witness answers, so it is not this node that is cut off. Nothing was ever replicated to this node: it would serve without the master's configuration, so it holds. `hotpair failover` takes over nevertheless."), standing(func(f *takeover.Standing) { f.Trouble, f.Replicated = failover.Held, time.Time{} })), level: Trouble, reads: []string{"The master does not answer, and this node does not take over", "hotpair failover"}},
		{name: "manual", in: s.standby(silent("sip"), peer(failover.PeerDegraded, "The master's telephony has not answered since 03:01:00: its host answers, its SIP server does not. failover.mode is manual: `hotpair failover` takes over."), standing(func(f *takeover.Standing) { f.Trouble = failover.Held })), level: Trouble, reads: []string{"The master's telephony does not answer, and this node does not take over", "failover.mode is manual"}},
		{name: "maintenance", in: s.standby(standing(func(f *takeover.Standing) { f.Paused = s.now.Add(90 * minute) })), level: Attention, reads: []string{"Maintenance until", "Nothing is taken over or given back", "hotpair maintenance --end"}},
		{name: "maintenance-there", in: s.standby(standing(func(f *takeover.Standing) { f.Report.Paused = s.now.Add(90 * minute) })), level: Attention, reads: []string{"Maintenance of the master (10.0.0.1) until", "Type on the master (10.0.0.1)"}},
		{name: "start-failed", in: s.standby(silent("ping", "sip"), unheard, serves("This node took over at 03:01:10."), peer(failover.PeerUnreachable, "The master has not answered since 03:01:00. This node took over at 03:01:10."), standing(func(f *takeover.Standing) {
			f.Serving, f.Failure = false, "the services were started, and SIP does not answer on this node after 2m0s: see `asterisk -rvvv` and the log of its unit"
		})), level: Trouble, reads: []string{"Starting or stopping the services failed", "asterisk -rvvv", "journalctl -u hotpair"}},
		{name: "standby-unheard", in: s.master(unheard, peer(failover.PeerUnknown, "This node is the master, and serves. The standby's hotpair is not heard since 03:01:00."), standing(func(f *takeover.Standing) { f.PeerSince = s.ago(hour) })), level: Attention, reads: []string{"The standby is not heard", "not heard", "hotpair init"}},
		{name: "master-sip-dead", in: s.master(silent("sip"), standing(func(f *takeover.Standing) {
			f.Reason = "This node is the master, but its own SIP server has not answered since 03:01:00: see whether it runs. The standby's hotpair is heard."
		})), level: Trouble, reads: []string{"The SIP server of this master does not answer", "serves, SIP is silent"}},
		{name: "master-stood-down", in: s.master(standing(func(f *takeover.Standing) {
			f.Serve, f.Serving, f.Since, f.Report.Serving = false, false, s.ago(20*minute), true
			f.Reason = "This master stood down at 03:01:00, an operator handed over to the standby. The standby serves; `hotpair failback` there gives back the place."
		})), level: Attention, reads: []string{"The standby serves in place of this master", "Type on the standby (10.0.0.2)"}},
		{name: "companions", in: s.master(standing(func(f *takeover.Standing) { f.Companions = "nginx.service: Job for nginx.service failed." })), level: Attention, reads: []string{"Job for nginx.service failed."}},
	}
}

func (s scenes) replicationStates() []state {
	return []state{
		{name: "replication-fails", in: s.master(copied(func(d, _ *replicate.Standing) {
			d.Failing, d.Failure, d.Good, d.Due = s.ago(4*hour), "the standby (10.0.0.2) cannot be reached by SSH: connection refused. It is tried again", s.ago(5*hour), s.ago(4*hour)
		}), func(in *Input) {
			in.History = append(in.History, replicate.Entry{At: s.ago(5 * minute), What: "database", Why: "again", Result: replicate.Failed, Error: "the standby (10.0.0.2) cannot be reached by SSH: connection refused", Took: 3})
		}), level: Attention, reads: []string{"Copying the database fails since", "connection refused", "hotpair replicate database"}},
		{name: "replication-late", in: s.master(copied(func(_, f *replicate.Standing) { f.Good, f.Due = s.ago(5*hour), s.ago(4*hour) })), level: Attention, reads: []string{"Copying the directories is late", "late"}},
		{name: "never-replicated", in: s.master(copied(func(d, f *replicate.Standing) {
			*d, *f = replicate.Standing{What: "database"}, replicate.Standing{What: "files"}
		}), func(in *Input) { in.History = nil }), level: Attention, reads: []string{"The database of the standby was never brought up to date", "One more thing", "never"}, never: []string{"What was replicated"}},
		{name: "overwrite-waits", in: s.master(copied(func(d, _ *replicate.Standing) {
			d.Waits = "the standby holds 14 rows of its own, which are kept in /var/lib/hotpair/kept/2026-05-04T03-02-01.jsonl: read it, and run `hotpair replicate database --allow overwrite`"
		})), level: Attention, reads: []string{"The standby holds 14 rows", "Copying the database waits for your consent", "hotpair replicate database --allow overwrite", "14 rows of its own"}},
		{name: "history-only-failures", in: s.master(func(in *Input) {
			in.History = nil
			for i := range 60 {
				in.History = append(in.History, replicate.Entry{At: s.ago(time.Duration(60-i) * minute), What: "files", Why: "a schedule", Result: replicate.Failed, Error: fmt.Sprintf("rsync ended with %d: %s", 10+i%3, strings.Repeat("no space left on device ", 9)), Took: 31})
			}
		}), level: Well, reads: []string{"no space left on device", "Older runs: hotpair history -n 100"}},
	}
}

func (s scenes) nodeStates() []state {
	watch := func(change func(*status.Watch)) func(*Input) {
		return func(in *Input) { change(in.Status.Watch) }
	}
	return []state{
		{name: "differences", in: s.master(func(in *Input) {
			in.Status.Pending, in.Status.Differences = s.pending(3), 3
			in.Status.Watch.Fought, in.Status.Watch.Failure = []string{"registrar.default"}, "sip_expiry.main: the table staticsip is locked by pid 991 (pg_dump)"
		}, s.running), level: Attention, reads: []string{"Somebody else keeps changing registrar.default", "left alone until 05:12", "sip_expiry.main", "updated", "created", "hotpair apply (pid 4242)", "the table staticsip is locked"}},
		{name: "consent", in: s.master(func(in *Input) { in.Status.Actions = append(in.Status.Actions, restart()) }), level: Attention, reads: []string{"Waits for your consent: restart postgresql", "For postgres_access: calls cannot be set up for about 3 s", "hotpair apply --allow restart"}},
		{name: "ha-hcl-invalid", in: s.master(watch(func(w *status.Watch) {
			w.Problem = "/etc/hotpair/ha.hcl:9:3: Unsupported argument. An argument named \"adress\" is not expected here. Did you mean \"address\"?"
		})), level: Attention, reads: []string{"ha.hcl cannot be used", "the last good one stays in force", "Did you mean \"address\"?", "hotpair validate"}},
		{name: "role-change-waits", in: s.master(watch(func(w *status.Watch) {
			w.Waits = "ha.hcl says slave, and this node serves calls: they would end. This waits for `hotpair apply`"
		})), level: Attention, reads: []string{"A change of ha.hcl waits for you", "they would end"}},
		{name: "unheard", in: s.master(watch(func(w *status.Watch) {
			w.Unheard = []string{"metrics: listening on 127.0.0.1:9182: bind: address already in use"}
		})), level: Attention, reads: []string{"address already in use"}},
		{name: "outage-broken", in: s.master(func(in *Input) {
			o := in.Status.Outage
			o.Longest, o.Fits, o.Expiry, o.Change, o.ChangeTo, o.Then = 332, false, 300, "sip_expiry.max", "4m", 287
			o.Profiles[0].Host, o.Profiles[0].Telephony, o.Profiles[0].Failback = 332, 332, 332
			o.NoBackup = []string{"Cisco SPA504G 00:15:65:00:00:07", "Cisco SPA502G 00:15:65:00:00:08"}
		}), level: Attention, reads: []string{"An outage could last up to 5 min 32 s, and 5 min are promised", `sip_expiry.max = "4m"`, "not kept", "No backup server is possible for 2 phones"}},
		{name: "no-phones-known", in: s.standby(func(in *Input) {
			in.Status.Outage = &status.Outage{Promised: 300, Longest: 287, Fits: true, Start: 45, NoBackup: []string{}, Profiles: []status.Profile{{Profile: "sip", Host: 272, Telephony: 287, HostBy: "notice", TelephonyBy: "notice"}}}
		}), level: Well, reads: []string{"Which phones there are is not known", "Assumed 45 s", "see the page of the master"}},
		{name: "very-many", in: s.master(func(in *Input) {
			in.Status.Pending, in.Status.Differences = s.pending(5000), 5000
			in.Status.Notes = nil
			for i := range 300 {
				in.Status.Notes = append(in.Status.Notes, fmt.Sprintf("The trunk trunk-%03d registers for 3600 s, which is longer than sip_expiry.max: set its expiration to 240 s.", i))
			}
		}), level: Attention, reads: []string{"4999 differences from ha.hcl", "and 4975 more: see hotpair plan", "and 280 more"}, never: []string{"device.4000"}},
		{name: "very-long", in: s.master(func(in *Input) {
			long := strings.Repeat("registrar-of-a-very-long-name", 40)
			in.Status.Pending = []status.Pending{{Name: "registrar." + long, Verb: "update", Says: []string{"backup " + long + " → " + long}, Origin: "/etc/hotpair/ha.d/" + long + ".hcl:1:1"}}
			in.Status.Peer, in.Status.Platform, in.Status.Failover.Reason = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", long, "This node is the master. "+long
			in.Status.Failover.Votes = append(in.Status.Failover.Votes, vote("witness "+long, failover.Witness, failover.Alive, s.ago(hour), ""))
		}), level: Attention, reads: []string{"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "…"}},
		{name: "hostile", in: s.master(func(in *Input) {
			st := &in.Status
			st.Peer, st.Platform, st.Said, st.Wanted = hostile, hostile, hostile, hostile
			st.Pending = []status.Pending{{Name: hostile, Verb: "update", Says: []string{hostile}, Origin: hostile, Held: hostile}}
			a := restart()
			a.Name, a.Effect, a.Consent, a.For = hostile, hostile, hostile, []string{hostile}
			st.Actions, st.Notes, st.Unseen = append(st.Actions, a), []string{hostile}, []string{hostile}
			st.Failover.Reason, st.Failover.Companions, st.Failover.Doing, st.Failover.Failure = hostile, hostile, hostile, hostile
			st.Failover.Votes[0].Name, st.Failover.Votes[0].Why = hostile, hostile
			st.Watch.Problem, st.Watch.Waits, st.Watch.Fought, st.Watch.Mode = hostile, hostile, []string{hostile}, hostile
			st.Outage.NoBackup, st.Outage.Profiles[0].Profile, st.Outage.Fits, st.Outage.Change, st.Outage.ChangeTo = []string{hostile}, hostile, false, hostile, hostile
			st.Replication[0].Failure, st.Replication[0].Behind, st.Replication[1].Waits = hostile, []string{hostile}, hostile
			in.History = append(in.History, replicate.Entry{At: s.now, What: hostile, Why: hostile, Result: replicate.Failed, Error: hostile})
			in.Events = append(in.Events, timeline.Entry{At: s.now, From: hostile, Level: hostile, Text: hostile})
			s.running(in)
			st.Running.Command = hostile
		}), level: Trouble, reads: []string{"<script>alert(1)</script><img src=x onerror=alert(2)>"}, never: []string{"\u202e", "\x1b"}},
	}
}
