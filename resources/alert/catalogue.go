package alert

import "github.com/hotpair/hotpair/reconcile/alert"

// The codes of conditions, by which ha.hcl names them and receivers know them.
const (
	SplitBrain        = "split_brain"
	Takeover          = "takeover"
	TakeoverHeld      = "takeover_held"
	FailbackWaits     = "failback_waits"
	ServicesFailed    = "services_failed"
	ReplicationFailed = "replication_failed"
	ReplicationLate   = "replication_late"
	DriftFought       = "drift_fought"
	ConfigInvalid     = "config_invalid"
	ConsentWaits      = "consent_waits"
	BudgetBroken      = "budget_broken"
	DaemonDead        = "daemon_dead"
	PeerSilent        = "peer_silent"
)

// A Kind is one kind of condition.
type Kind struct {
	Code   string
	Urgent bool   // it is told at once
	Means  string // when it lasts, for people
	title  string
	over   string
	do     string
}

// Catalogue lists all kinds of conditions.
func Catalogue() []Kind {
	return []Kind{
		{SplitBrain, true, "both nodes serve, and nothing decided so", "both nodes serve", "only one node serves again",
			"Look at both nodes with `hotpair status`. The standby ceases by itself once the master is well for failback.after; `hotpair failback` on the standby does not wait for that."},
		{Takeover, true, "this standby serves; its end is the failback", "this node took over and serves", "the master has its place again, and this node stands by",
			"Find out what happened to the master. `hotpair status` here tells when it gets back its place, or what it waits for."},
		{TakeoverHeld, true, "the master is dead, and this standby does not take over", "the master is dead, and this node does not take over", "no takeover is held any more",
			"`hotpair failover` on this node takes over nevertheless."},
		{FailbackWaits, false, "the master is well again, and only an operator may give it back its place", "the master is well again, and does not get back its place by itself", "the failback does not wait any more",
			"See that the master is as it should be, then run `hotpair failback` on this node."},
		{ServicesFailed, false, "starting or stopping the services failed", "the services could not be started or stopped", "the services are as they should be again",
			"See `journalctl -u hotpair`. It is tried again by itself."},
		{ReplicationFailed, false, "a replication failed", "", "",
			"It is tried again by itself. `hotpair status` and `hotpair history` tell more."},
		{ReplicationLate, false, "nothing was replicated for half an hour longer than the schedule says", "the replication is late", "the replication is on time again",
			"See `hotpair status` and `journalctl -u hotpair`. `hotpair replicate` copies now."},
		{DriftFought, false, "somebody else keeps changing what hotpair keeps", "somebody else keeps changing what hotpair keeps", "nothing is fought over any more",
			"Find out who changes it, such as another tool or a job in cron, and have it leave that alone."},
		{ConfigInvalid, false, "ha.hcl cannot be used", "ha.hcl cannot be used", "ha.hcl can be used again",
			"`hotpair validate` shows the mistake."},
		{ConsentWaits, false, "something waits for consent", "", "", ""},
		{BudgetBroken, false, "phones can be without a server for longer than objective.max_outage", "phones can be without a server for longer than promised", "phones cannot be without a server for longer than promised any more", ""},
		{DaemonDead, false, "`hotpair watch` is dead on this standby; told by its line in cron, after two minutes", "hotpair watch is dead", "hotpair watch runs again",
			"See `journalctl -u hotpair`, and start it: `systemctl restart hotpair`."},
		{PeerSilent, false, "the other node's `hotpair watch` was heard before, and is not for two minutes, outside of maintenance and where the master's telephony answers", "", "",
			"See there that `hotpair watch` runs: `systemctl status hotpair`, `journalctl -u hotpair`. What the channel between the nodes lacks `hotpair init` on the master tells."},
	}
}

// Death is that of the daemon, as who looks after it tells it.
func Death(text string) alert.Condition { return condition(DaemonDead, sentence(text)) }

// condition is one of a kind, with what is to be said of it now.
func condition(code, text string) alert.Condition {
	for _, k := range Catalogue() {
		if k.Code == code {
			return alert.Condition{Code: code, Urgent: k.Urgent, Title: k.title, Over: k.over, Do: k.do, Text: text}
		}
	}
	return alert.Condition{Code: code, Text: text}
}
